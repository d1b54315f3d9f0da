# Makes a domain in the folder given and becomes its domain controller. Run in network and mount namespaces of its own, with Samba's Python modules.
import asyncio
import ctypes
import fcntl
import logging
import os
import secrets
import socket
import struct
import sys

folder, realm, domain, ntlm_auth = sys.argv[1:]


def inside(name):
    path = os.path.join(folder, name)
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def bring_up_loopback():
    SIOCSIFFLAGS, IFF_UP_AND_RUNNING = 0x8914, 0x41
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_AND_RUNNING))


def cover(path):
    """What Samba keeps outside its configured folders goes to a folder of ours, in this mount namespace only."""
    MS_BIND = 4096
    libc = ctypes.CDLL(None, use_errno=True)
    if os.path.isdir(path) and libc.mount(inside("cover" + path).encode(), path.encode(), None, MS_BIND, None) != 0:
        raise OSError(ctypes.get_errno(), f"{path} could not be covered")


def write_configuration():
    path = os.path.join(folder, "smb.conf")
    # Asked in the folder's namespace by Samba's own programs only, and for tickets through a socket in the folder: no file shares, no names.
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"""[global]
netbios name = DC
realm = {realm}
workgroup = {domain}
server role = active directory domain controller
ntlm auth = {ntlm_auth}
server services = rpc, winbindd, kdc
interfaces = lo
bind interfaces only = yes
private dir = {inside("private")}
state directory = {inside("state")}
cache directory = {inside("cache")}
lock directory = {inside("lock")}
pid directory = {inside("pid")}
ncalrpc dir = {inside("ncalrpc")}
binddns dir = {inside("bind")}
log level = 1
[sysvol]
path = {inside("sysvol")}
read only = no
[netlogon]
path = {inside("sysvol/scripts")}
read only = no
""")
    return path


def hand_on_tickets():
    """Brings whoever connects to the socket kdc.sock in the folder to the key distribution centre, which has no other way out of this namespace."""
    if os.fork() != 0:
        return
    PR_SET_PDEATHSIG, SIGKILL = 1, 9
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)

    async def pump(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    async def meet(reader, writer):
        try:
            to_kdc = await asyncio.open_connection("127.0.0.1", 88)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, to_kdc[1]), pump(to_kdc[0], writer))

    async def serve():
        await (await asyncio.start_unix_server(meet, os.path.join(folder, "kdc.sock"))).serve_forever()

    asyncio.run(serve())


bring_up_loopback()
for place in ("/etc/samba", "/var/lib/samba", "/var/cache/samba", "/var/log/samba", "/run/samba"):
    cover(place)
configuration = write_configuration()

from samba.auth import system_session  # noqa: E402  (reads Samba's folders)
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2  # noqa: E402
from samba.param import LoadParm  # noqa: E402
from samba.provision import provision  # noqa: E402

parameters = LoadParm()
parameters.load(configuration)
# What `samba-tool domain provision` calls; that command insists on a file share's rights besides.
provision(
    logging.getLogger(),
    system_session(),
    smbconf=configuration,
    lp=parameters,
    realm=realm,
    domain=domain,
    hostname="dc",
    hostip="127.0.0.1",
    serverrole="active directory domain controller",
    dns_backend="NONE",
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
    adminpass="Aa1-" + secrets.token_hex(16),
    skip_sysvolacl=True,
)
hand_on_tickets()
# It ends when its input does, that is with the test.
os.execv("/usr/sbin/samba", ["samba", f"--configfile={configuration}", "--interactive", "--no-process-group", "--maximum-runtime=3600"])
