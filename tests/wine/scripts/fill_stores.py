# mypy: ignore-errors
# It is checked on other systems, where ctypes has no WinDLL and winreg nothing at all.
"""Runs in Windows: fills certificate stores through crypt32, and saves SST files. Argument: the plan, a JSON file.

The plan is a list of {location, store, certificates: [{path, friendly_name, description, purposes, key}], crls, sst}.
"""

import ctypes
import json
import sys
import winreg
from ctypes import wintypes

crypt32 = ctypes.WinDLL("crypt32", use_last_error=True)
POINTER, DWORD, BOOL = ctypes.c_void_p, wintypes.DWORD, wintypes.BOOL
ENCODING, SYSTEM, REGISTRY, REPLACE_EXISTING, AS_STORE, TO_FILE, COMMIT, FORCE = 1, 10, 4, 3, 1, 4, 3, 1
LOCATIONS = {"LocalMachine": 0x20000, "CurrentUser": 0x10000, "LocalMachineGroupPolicy": 0x80000}
# Locations that Wine's crypt32 does not know: it writes the same form to any key.
KEYS = {
    "LocalMachineEnterprise": r"SOFTWARE\Microsoft\EnterpriseCertificates",
    "Services\\CcmExec": r"SOFTWARE\Microsoft\Cryptography\Services\CcmExec\SystemCertificates",
}


class Blob(ctypes.Structure):
    _fields_ = (("size", DWORD), ("data", POINTER))


class KeyProvider(ctypes.Structure):
    """CRYPT_KEY_PROV_INFO."""

    _fields_ = (
        ("container", wintypes.LPWSTR),
        ("provider", wintypes.LPWSTR),
        ("type", DWORD),
        ("flags", DWORD),
        ("parameters", DWORD),
        ("parameter", POINTER),
        ("spec", DWORD),
    )


def function(name, result, *arguments):
    found = getattr(crypt32, name)
    found.restype, found.argtypes = result, arguments
    return found


open_store = function("CertOpenStore", POINTER, POINTER, DWORD, POINTER, DWORD, POINTER)
close_store = function("CertCloseStore", BOOL, POINTER, DWORD)
control_store = function("CertControlStore", BOOL, POINTER, DWORD, DWORD, POINTER)
add_certificate = function(
    "CertAddEncodedCertificateToStore", BOOL, POINTER, DWORD, ctypes.c_char_p, DWORD, DWORD, ctypes.POINTER(POINTER)
)
add_crl = function("CertAddEncodedCRLToStore", BOOL, POINTER, DWORD, ctypes.c_char_p, DWORD, DWORD, POINTER)
set_property = function("CertSetCertificateContextProperty", BOOL, POINTER, DWORD, DWORD, POINTER)
save_store = function("CertSaveStore", BOOL, POINTER, DWORD, DWORD, DWORD, POINTER, DWORD)


def check(answer):
    if not answer:
        raise ctypes.WinError(ctypes.get_last_error())
    return answer


def opened(location, name):
    if location in LOCATIONS:
        wanted = ctypes.create_unicode_buffer(name)
        return check(open_store(SYSTEM, 0, None, LOCATIONS[location], ctypes.addressof(wanted)))
    key = winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, KEYS[location] + "\\" + name, 0, winreg.KEY_ALL_ACCESS)
    return check(open_store(REGISTRY, 0, None, 0, key.Detach()))


def set_bytes(context, number, data):
    buffer = ctypes.create_string_buffer(data, len(data))
    blob = Blob(len(data), ctypes.addressof(buffer))
    check(set_property(context, number, 0, ctypes.addressof(blob)))


def add(store, planned):
    with open(planned["path"], "rb") as file:
        der = file.read()
    context = POINTER()
    check(add_certificate(store, ENCODING, der, len(der), REPLACE_EXISTING, ctypes.byref(context)))
    for number, key in ((11, "friendly_name"), (13, "description")):
        if planned.get(key) is not None:
            set_bytes(context, number, (planned[key] + "\0").encode("utf-16-le"))
    if planned.get("purposes") is not None:
        set_bytes(context, 9, bytes.fromhex(planned["purposes"]))
    if planned.get("key"):
        info = planned["key"]
        provider = KeyProvider(info["container"], info["provider"], info["type"], info["flags"], 0, None, info["spec"])
        check(set_property(context, 2, 0, ctypes.addressof(provider)))


with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
for part in plan:
    store = opened(part["location"], part["store"])
    for planned in part["certificates"]:
        add(store, planned)
    for path in part["crls"]:
        with open(path, "rb") as file:
            der = file.read()
        check(add_crl(store, ENCODING, der, len(der), REPLACE_EXISTING, None))
    control_store(store, FORCE, COMMIT, None)
    if part.get("sst"):
        name = ctypes.create_unicode_buffer(part["sst"])
        check(save_store(store, ENCODING, AS_STORE, TO_FILE, ctypes.addressof(name), 0))
    close_store(store, 0)
print("filled")
