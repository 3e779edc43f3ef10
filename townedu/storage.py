"""How the site's own files are served."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Files under names that change with their content; scripts import each other under these names too.

    Django's own support_js_module_import_aggregation takes imports in comments for real ones, and stops at those of
    django-htmx. Here an import begins its line and names the script beside it, with ./ and .js.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "*.js",
            (
                (
                    r"""(?m:^)(?P<matched>(?P<import>import [^"';]*)"(?P<url>\./[\w./-]+\.js)";)""",
                    """%(import)s"%(url)s";""",
                ),
            ),
        ),
    )
