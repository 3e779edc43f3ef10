app_name = "observations"
urlpatterns = []
