"""Superset's configuration. Read by Superset through ``SUPERSET_CONFIG_PATH``; imports nothing of Superset.

Its own data lives in ``CHISO_HOME/superset``; the figures it shows in ``CHISO_HOME/published``, sealed.
"""

import os
from pathlib import Path
from typing import Any

from superset_config.credentials import secret_key
from superset_config.seal import seal

HERE = Path(__file__).resolve().parent
CHISO = Path(os.environ.get("CHISO_HOME", HERE.parent / "data")).resolve()
OWN = CHISO / "superset"
OWN.mkdir(parents=True, exist_ok=True)
# Sessions are signed and passwords are hashed with what lies here: its owner alone may enter.
OWN.chmod(0o700)

SECRET_KEY = secret_key(OWN)
SQLALCHEMY_DATABASE_URI = os.environ.get("SUPERSET_DB_URI", f"sqlite:///{OWN / 'superset.db'}?check_same_thread=false")
DATA_DIR = str(OWN)

# --- Language and looks -------------------------------------------------------------------------------------------
APP_NAME = "Chiso"
# Everybody lands on the overview, not on Superset's own home.
LOGO_TARGET_PATH = "/superset/dashboard/tong-quan/"
LOGO_TOOLTIP = "Chiso – kho chỉ số"
LOGO_RIGHT_TEXT = ""
FAVICONS = [{"href": "/chiso/logo.svg"}]
BABEL_DEFAULT_LOCALE = "vi"
BABEL_DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
LANGUAGES = {
    "vi": {"flag": "vn", "name": "Tiếng Việt"},
    "en": {"flag": "us", "name": "English"},
}
# Superset ships no Vietnamese: ours is compiled at synchronisation, beside Superset's own.
BABEL_TRANSLATION_DIRECTORIES = f"translations;{OWN / 'i18n'}"
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}
D3_TIME_FORMAT = {
    "dateTime": "%A, %d/%m/%Y %H:%M:%S",
    "date": "%d/%m/%Y",
    "time": "%H:%M:%S",
    "periods": ["SA", "CH"],
    "days": ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
    "shortDays": ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
    "months": [f"Tháng {month}" for month in range(1, 13)],
    "shortMonths": [f"Th{month}" for month in range(1, 13)],
}
THEME_DEFAULT = {
    "token": {
        "brandAppName": APP_NAME,
        "brandLogoAlt": "Chiso",
        "brandLogoUrl": "/chiso/logo.svg",
        "brandLogoMargin": "14px 0",
        "brandLogoHref": LOGO_TARGET_PATH,
        "brandLogoHeight": "28px",
        "brandSpinnerUrl": None,
        "brandSpinnerSvg": None,
        "colorPrimary": "#1F5FA8",
        "colorLink": "#1F5FA8",
        "colorError": "#D9534F",
        "colorWarning": "#F0AD4E",
        "colorSuccess": "#4CAF79",
        "colorInfo": "#5B9BD5",
        "fontUrls": [],
        "fontFamily": "Inter, 'Noto Sans', Helvetica, Arial, sans-serif",
        "fontFamilyCode": "'IBM Plex Mono', 'Courier New', monospace",
        "transitionTiming": 0.3,
        "brandIconMaxWidth": 37,
        "fontSizeXS": "8",
        "fontSizeXXL": "28",
        "fontWeightNormal": "400",
        "fontWeightLight": "300",
        "fontWeightStrong": "500",
        "fontWeightBold": "700",
        "colorEditorSelection": "#fff5cf",
    },
    "algorithm": "default",
}
# One look: the colours of lights are chosen for a light ground.
THEME_DARK = None
ENABLE_UI_THEME_ADMINISTRATION = False


def FLASK_APP_MUTATOR(app: Any) -> None:  # noqa: N802 - Superset's name
    """Serve our own language pack, logo, landing page and error pages in place of Superset's."""
    from flask import redirect, request, send_file, session  # noqa: PLC0415 - the pipeline's environment has no Flask

    pack = OWN / "i18n/vi/LC_MESSAGES/messages.json"
    served = {
        "/superset/language_pack/vi/": (pack, "application/json"),
        "/language_pack/vi/": (pack, "application/json"),
        "/chiso/logo.svg": (HERE / "brand/logo.svg", "image/svg+xml"),
    }

    @app.before_request  # type: ignore[untyped-decorator, unused-ignore]
    def _ours() -> Any:
        if request.path == "/superset/welcome/":
            return redirect(LOGO_TARGET_PATH)
        if request.path == "/superset/log/" and "_user_id" not in session:
            # The login page reports that it was opened. Superset refuses with a new session, which would take the
            # place of the one that began meanwhile: whoever signs in within a second would be signed out again.
            return app.response_class(status=200)
        found = served.get(request.path)
        return send_file(found[0], mimetype=found[1]) if found else None

    @app.after_request  # type: ignore[untyped-decorator, unused-ignore]
    def _in_words(response: Any) -> Any:
        page = HERE / f"brand/{response.status_code}.html"
        if response.mimetype != "text/html" or not page.exists():
            return response
        ours = send_file(page, max_age=0)
        ours.status_code = response.status_code
        return ours


# --- What may be done ---------------------------------------------------------------------------------------------
FEATURE_FLAGS = {
    "DASHBOARD_RBAC": True,
    "DRILL_BY": False,
    "DRILL_TO_DETAIL": False,
    "EMBEDDABLE_CHARTS": False,
    "EMBEDDED_SUPERSET": False,
    "ENABLE_TEMPLATE_PROCESSING": False,
    "ALERT_REPORTS": False,
    "SQLLAB_BACKEND_PERSISTENCE": True,
}
PREVENT_UNSAFE_DB_CONNECTIONS = True
PUBLIC_ROLE_LIKE = None
AUTH_ROLE_PUBLIC = "Public"
AUTH_USER_REGISTRATION = False
FAB_API_SWAGGER_UI = False
WTF_CSRF_ENABLED = True
SESSION_COOKIE_NAME = "chiso_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A release is swapped under a running server: an answer kept from the release before would be a wrong answer.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}


def DB_CONNECTION_MUTATOR(  # noqa: N802 - Superset's name
    uri: Any, params: dict[str, Any], username: str, security_manager: Any, source: Any
) -> tuple[Any, dict[str, Any]]:
    """Seal every DuckDB connection; see :mod:`superset_config.seal`."""
    return seal(uri, params, CHISO / "published")


# --- Nothing leaves this machine ----------------------------------------------------------------------------------
TALISMAN_ENABLED = True
# Superset's own policy without its measuring hosts, map servers and font hosts.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
        "frame-ancestors": ["'none'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
