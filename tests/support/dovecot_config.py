"""The configuration file of the Dovecot that tests run."""

import grp
import os

BASE = """
protocols = pop3
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = {location}
mail_uid = {uid}
mail_gid = {gid}
mail_home = {folder}/home
mailbox_list_index = no
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
disable_plaintext_auth = no
auth_mechanisms = plain login
# A wrong password would otherwise slow down the logins that follow, from any test.
auth_failure_delay = 0
mail_max_userip_connections = 1000
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {port}
  }}
  inet_listener pop3s {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""

LOCATIONS = {"maildir": "maildir:~/Maildir", "mbox": "mbox:~/mail:INBOX=~/inbox"}


def configuration(server):
    """The text of dovecot.conf for a Dovecot fixture; its own settings come last and win."""
    root = os.getuid() == 0
    name = server.owner.pw_name
    text = BASE.format(
        folder=server.folder, cert=server.certificates.cert("good"), key=server.certificates.key("good"),
        location=LOCATIONS[server.storage], uid=server.owner.pw_uid, gid=server.owner.pw_gid,
        port=server.port, tls_port=server.tls_port,
        internal="dovecot" if root else name,
        internal_group="dovecot" if root else grp.getgrgid(server.owner.pw_gid).gr_name,
        login="dovenull" if root else name)
    return text + "".join("%s = %s\n" % pair for pair in server.settings.items()) + server.raw
