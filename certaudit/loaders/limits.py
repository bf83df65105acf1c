"""Every limit that loaders keep to, because files, archives and answers from the network may be hostile.

Sizes are in bytes. A limit stands well above what real evidence needs; what goes beyond one is said, never passed over.
"""

MIB = 1 << 20
GIB = 1 << 30

# Files and folders

MAX_SIZE = 64 * MIB
"""A file that is read whole: the largest CRLs and bundles stay below, disk images and hostile files do not."""
MAX_REMARKS = 50
"""Remarks kept of one input; beyond them the number alone."""
MAX_NAMED = 5
"""Files that one remark names; beyond them the number alone."""
MAX_FOLDER_DEPTH = 32
"""Folders below one another on boot media, in an image or on a disk."""

# Archives: the first three are for all that one named file unpacks to, archives inside it and all

MAX_NESTING = 4
"""Archives inside one another."""
MAX_MEMBERS = 20_000
"""Files."""
MAX_UNPACKED = 2 * GIB
"""Their bytes, as they are unpacked."""
MAX_MEMBER = 512 * MIB
"""One file, which is unpacked in memory."""
MAX_RATIO = 200
"""How many times its packed size a file may have: registry hives and images stay below 20."""
MAX_UNPROPORTIONED = 16 * MIB
"""Files up to this size may have any ratio: an unused transaction log is nothing but zeros."""
MAX_DIRECTORY = 8 * MIB
"""One read in a ZIP archive, of which the longest is its directory."""
MAX_TAR_HEADER = 16 << 10
"""An extended header in a tar archive."""

# Boot media

MAX_MEDIA_FILES = 20_000
"""Files on one media."""
MAX_COPY = GIB
"""A file on media that is copied in memory, so that another program can open it."""
MAX_TOOL_OUTPUT = GIB
"""What a program may write that looks into a Windows image."""
MAX_TOOL_SECONDS = 120
"""How long such a program may run."""
MAX_CIPHERTEXT = 32 * MIB
"""Media variables as they are encrypted."""
MAX_VARIABLES = MAX_CIPHERTEXT + MIB
"""The file of media variables, whatever follows them in it."""
MAX_VARIABLES_TEXT = 16 * MIB
"""The XML inside, in characters."""
MAX_VARIABLE_CERTIFICATES = 1000
"""Certificates in the value of one variable."""
MAX_VARIABLE_ATTEMPTS = 20_000
"""Places in such a value at which a certificate is looked for."""
MAX_BOOTSTRAP = 64 << 10
"""TsmBootstrap.ini."""
MAX_PROGRAM = 16 * MIB
"""A program on media of which the version is read."""
MAX_WIM_DESCRIPTION = 16 * MIB
"""The XML in a Windows image."""

# Certificate stores

MAX_REGISTRY_EXPORT = 2 * GIB
"""A registry export, which is read in chunks."""
MAX_REGISTRY_KEY = 64 * MIB
"""One key of it, which is held in memory."""
MAX_HIVE = GIB
"""A registry hive, which is mapped."""
MAX_HIVE_SEEKS = 400_000
"""Jumps inside a hive: a store of 50,000 certificates needs as many; a hive of hostile loops ends here."""
MAX_HIVE_READ = 16 * MIB
"""One read inside a hive."""
MAX_HIVE_VALUES = 64
"""Values of one key in a hive."""
MAX_LOG_PAGES = MIB
"""Pages, not bytes, in one entry of a hive's transaction log."""
MAX_PROPERTIES = 1000
"""Properties of one certificate in a serialized store."""

# Certificates, keys and PFX files

MAX_BARE_BASE64 = 16 * MIB
"""Text of Base64 alone, which has to be decoded to know what it is."""
MAX_PEM_BLOCKS = 150_000
"""PEM blocks in one file: about as many certificates as MAX_SIZE can hold."""
MAX_UNREADABLE = 100
"""Damaged structures in a row of concatenated DER, after which reading stops."""
MAX_PRIVATE_KEY = 64 << 10
"""A private key."""
MAX_KEY_BITS = 32_768
"""The modulus of a private key whose match is worked out."""
MAX_SAFE_NESTING = 16
"""SafeContents inside one another in a PFX."""
MAX_ITERATIONS = 10_000_000
"""Iterations of key derivation in a PFX, all its parts together: about ten times what the most careful programs write,
some seconds of work."""
MAX_SCRYPT = 1 << 20
"""N·r·p of one scrypt: 128 MiB of memory, or as much work."""
MAX_DERIVED = 1024
"""A derived key."""
MAX_RC2 = 2 * MIB
"""Data under RC2: our own cipher does some 300 KiB a second."""

# Tables and lists of the site

MAX_ROWS = 100_000
"""Rows of a table."""
MAX_PRODUCTS = 100
"""Parts of the toolchain in one registry."""

# What Windows' own tools tell of a computer

MAX_TOOL_TEXT = 8 * MIB
"""The output of one tool: a hundred times the longest that a computer of a site gives."""
MAX_REGISTRY_TEXT = 1024
"""Characters of one value: a version, a code, a name."""

# The network

MAX_FETCHED = 32 * MIB
"""One answer: the largest CRLs of public CAs are a few MiB."""
MAX_REDIRECTS = 3
"""Redirections from one address."""
MAX_ADDRESSES = 100
"""Addresses asked for in one run: certificates are hostile input, and each may name many."""
MAX_HANDSHAKE = 1 << 20
"""What a server sends before its certificates end."""
MAX_SERVED_CERTIFICATES = 100
"""Certificates that a server sends."""
