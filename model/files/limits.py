"""How large a stranger's files may be, and how much they may hold.

.streamlit/config.toml, deploy/nginx.conf and deploy/kubernetes.yaml let through the largest of them, and no larger.
"""

MAX_NETWORK_BYTES = 20 * 2**20
MAX_NETWORK_LAYERS = 50
MAX_NETWORK_PARAMETERS = 10_000_000

MAX_PHOTOGRAPH_BYTES = 20 * 2**20
MAX_PHOTOGRAPH_PIXELS = 10_000_000
MAX_PHOTOGRAPH_DIGITS = 30

MAX_GALLERY_BYTES = 4 * 2**20
MAX_GALLERY_ITEMS = 200  # drawings
MAX_GALLERY_MOVES = 35_000  # of the pen, in all of them
