from apps.core.periods import Period
from apps.teachers.filters import TeacherFilter
from apps.teachers.chapter import TALLIES
from apps.core.figures import count
from django.db import connection
def test_q(town):
    p=Period.from_code('2025')
    with __import__('django').test.utils.CaptureQueriesContext(connection) as q:
        print([(f.key,f.value) for f in count(TALLIES, town.township.scope,p)])
    for x in q.captured_queries: print(x['sql'])
    print(TALLIES[0].filterset.where(TALLIES[0].where))
