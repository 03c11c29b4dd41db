"""What a page carries compressed, read back."""

from __future__ import annotations

import base64
import gzip
import json
import re


def chunks(page: str) -> dict[str, dict]:
    """Return what a page carries compressed, plotly's script apart."""
    found = re.findall(r'id="chunk-((?:main|data-\d+))">([^<]*)<', page)
    return {name: json.loads(gzip.decompress(base64.b64decode(text))) for name, text in found}
