"""How large a file may be that a stranger brings.

.streamlit/config.toml, deploy/nginx.conf and deploy/kubernetes.yaml have to let these through and no more.
"""

MAX_NETWORK_BYTES = 20 * 2**20
MAX_PHOTOGRAPH_BYTES = 20 * 2**20
MAX_GALLERY_BYTES = 4 * 2**20
