from django.apps import AppConfig


class WebUIConfig(AppConfig):
    name = "apps.webui"
