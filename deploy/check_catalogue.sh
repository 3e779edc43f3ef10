#!/usr/bin/env bash
# Is the Chinese catalogue complete? Collects the texts anew in a copy, and compares.
set -euo pipefail
cd "$(dirname "$0")/.."
catalogue=locale/zh_Hans/LC_MESSAGES/django.po
[[ -f $catalogue ]] || { echo "townedu: $catalogue is missing." >&2; exit 1; }

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r manage.py apps templates townedu locale "$copy"
python=$PWD/.venv/bin/python
(cd "$copy" && SECRET_KEY=$(printf 'x%.0s' {1..64}) "$python" manage.py makemessages --locale zh_Hans \
    --no-obsolete --verbosity 0)

# Where a text stands and when it was collected may differ, what it says may not.
texts() { msgattrib --no-obsolete --no-location --no-wrap --sort-output "$1" | grep -v '^"POT-Creation-Date:'; }
diff <(texts "$catalogue") <(texts "$copy/$catalogue") ||
    { echo "townedu: the catalogue does not match the code: run 'make messages' and translate." >&2; exit 1; }
open=$(msgattrib --untranslated "$copy/$catalogue"; msgattrib --only-fuzzy "$copy/$catalogue")
[[ -z $open ]] || { printf '%s\ntownedu: these texts of the catalogue are not translated.\n' "$open" >&2; exit 1; }
msgfmt --check --output-file=/dev/null "$catalogue"
