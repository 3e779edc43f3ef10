"""What the rest of the house needs to know of this app."""

from apps.webui.manifests import Manifest, allow

MANIFEST = Manifest(
    permissions={
        "office": allow("view add change delete", "core", "schoolyear term"),
        "principal": allow("view", "core", "schoolyear term"),
    },
)
