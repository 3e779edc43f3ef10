"""What the rest of the house needs to know of this app."""

from apps.webui.manifests import Manifest

MANIFEST = Manifest(address="first-steps/")
