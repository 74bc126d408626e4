"""Makes images for the tests: OCI layouts and archives of tars that are put together byte by byte, as no tool would."""
import gzip
import hashlib
import json
import os

GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
TAR = "application/vnd.oci.image.layer.v1.tar"
ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
END = bytes(1024)


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def octal(number, width):
    return b"%0*o\0" % (width - 1, number)


def header(name, kind=b"0", size=0, link=b"", mode=0o644, uid=0, gid=0, mtime=0, magic=b"ustar\x0000", prefix=b"", raw=None, damage=0):
    """One block; `raw`: fields {offset: bytes} that are put in as they are."""
    name = name.encode() if isinstance(name, str) else name
    link = link.encode() if isinstance(link, str) else link
    block = bytearray(512)

    def put(at, value):
        block[at : at + len(value)] = value

    put(0, name[:100])
    put(100, octal(mode, 8))
    put(108, octal(uid, 8))
    put(116, octal(gid, 8))
    put(124, octal(size, 12))
    put(136, octal(mtime, 12))
    put(156, kind)
    put(157, link[:100])
    put(257, magic)
    put(345, prefix)
    for at, value in (raw or {}).items():
        put(at, value)
    put(148, b" " * 8)
    put(148, b"%06o\0 " % (sum(block) + damage))
    return bytes(block)


def padded(content):
    return content + bytes(-len(content) % 512)


def entry(name, content=b"", kind=b"0", **more):
    more.setdefault("size", len(content))
    return header(name, kind, **more) + padded(content)


def folder(name, **more):
    more.setdefault("mode", 0o755)
    return entry(name, kind=b"5", **more)


def link(name, target, **more):
    return entry(name, kind=b"2", link=target, mode=0o777, **more)


def hard(name, target, **more):
    return entry(name, kind=b"1", link=target, **more)


def pax(kind=b"x", **records):
    return pax_items(list(records.items()), kind)


def pax_items(items, kind=b"x"):
    content = b""
    for key, value in items:
        value = value if isinstance(value, bytes) else str(value).encode()
        rest = b" " + key.encode() + b"=" + value + b"\n"
        size = len(rest) + 1
        while len(str(size)) + len(rest) != size:
            size += 1
        content += str(size).encode() + rest
    return entry("PaxHeader", content, kind)


def long_name(name, kind=b"L"):
    return entry("././@LongLink", name + b"\0", kind, magic=b"ustar  \0")


def packed(content):
    return gzip.compress(content, 6, mtime=0)


class Image:
    """An image whose parts can be bent before they are written."""

    def __init__(self, *layers, compress=True):
        self.blobs = {}
        self.config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}}
        self.manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": None, "layers": []}
        self.index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        self.layout = b'{"imageLayoutVersion":"1.0.0"}'
        self.texts = {}  # "config", "manifest", "index": JSON texts as they are, instead of the objects
        self.sealed = False
        for layer in layers:
            layer = layer + END
            self.add(packed(layer) if compress else layer, GZIP if compress else TAR, digest(layer))

    def add(self, blob, kind, diff_id):
        self.config["rootfs"]["diff_ids"].append(diff_id)
        self.manifest["layers"].append(self.blob(blob, kind))

    def blob(self, content, kind):
        self.blobs[digest(content)] = content
        return {"mediaType": kind, "digest": digest(content), "size": len(content)}

    def text(self, what, value):
        text = self.texts.get(what)
        if text is None:
            return json.dumps(value).encode()
        return text if isinstance(text, bytes) else text(json.dumps(value).encode())

    def seal(self):
        """Names config and manifest where nobody has done it yet."""
        if not self.sealed:
            self.sealed = True
            if self.manifest["config"] is None:
                self.manifest["config"] = self.blob(self.text("config", self.config), CONFIG)
            if not self.index["manifests"]:
                self.index["manifests"].append(self.blob(self.text("manifest", self.manifest), MANIFEST))
        return self

    def files(self):
        self.seal()
        files = {"oci-layout": self.layout, "index.json": self.text("index", self.index)}
        for name, content in self.blobs.items():
            files["blobs/sha256/" + name[7:]] = content
        return files

    def write(self, path):
        for name, content in self.files().items():
            file = os.path.join(path, name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as out:
                out.write(content)
        return path

    def archive(self, path):
        return write_tar(path, self.files())

    def saved(self, path, **more):
        """As docker save writes it; `more` replaces members of its manifest.json."""
        config = self.text("config", self.config)
        files = {hashlib.sha256(config).hexdigest() + ".json": config}
        image = {"Config": next(iter(files)), "RepoTags": ["a/b:1"], "Layers": []}
        for number, layer in enumerate(self.manifest["layers"]):
            files[f"{number}/layer.tar"] = self.blobs[layer["digest"]]
            image["Layers"].append(f"{number}/layer.tar")
        image.update(more)
        text = self.texts.get("saved") or json.dumps([image]).encode()
        return write_tar(path, {**files, "manifest.json": text})


def write_tar(path, files):
    with open(path, "wb") as out:
        for name, content in files.items():
            out.write(entry(name, content))
        out.write(END)
    return path


def tree_of(path):
    found = {}
    for folder_name, names, files in os.walk(path):
        for name in names + files:
            full = os.path.join(folder_name, name)
            st = os.lstat(full)
            found[full] = (st.st_mode, st.st_size, st.st_mtime_ns, open(full, "rb").read() if os.path.isfile(full) else None)
    return found
