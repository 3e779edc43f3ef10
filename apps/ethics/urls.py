app_name = "ethics"
urlpatterns = []
