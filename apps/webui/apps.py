from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebUIConfig(AppConfig):
    name = "apps.webui"

    def ready(self) -> None:
        """Let every app's rules and pages be known, and what its manifest brings to the lower floors."""
        from apps.core.actions import LOCKS  # models are there only now

        from .manifests import manifests

        autodiscover_modules("rules", "pages", "years")
        LOCKS.extend(lock for manifest in manifests() for lock in manifest.locks)
