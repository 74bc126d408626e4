#!/usr/bin/env python3
"""usage: check.py EXAMPLES LAYOUT [--paths FILE]

Holds the files in EXAMPLES/cluster and EXAMPLES/deploy that tell a platform how to run the release `cluster` to what that
platform documents, and to the image in LAYOUT (an OCI layout). With --paths, FILE gets the paths that platforms will ask for,
one a line. Status 1 when there are faults, a line each.
"""

import json
import os
import re
import sys

import kubernetes
import platforms
import yaml
from shape import read


class Release:
    """What the image and the sources of the example say."""

    def __init__(self, examples, layout):
        def blob(descriptor):
            with open(os.path.join(layout, "blobs", *descriptor["digest"].split(":")), encoding="utf-8") as stream:
                return json.load(stream)

        with open(os.path.join(layout, "index.json"), encoding="utf-8") as stream:
            descriptor = json.load(stream)["manifests"][0]
        full = descriptor["annotations"]["io.containerd.image.name"]
        config = blob(blob(descriptor)["config"])["config"]
        self.tags = {full, full.removeprefix("docker.io/")}
        self.user = config["User"]
        self.ports = {int(port.partition("/")[0]) for port in config["ExposedPorts"]}
        self.entrypoint = config["Entrypoint"]
        self.name = "cluster"
        self.archive = f"cluster-{full.rpartition(':')[2]}"
        self.shutdown_time = int(self.find(examples, "rel/vm.args", r"^-shutdown_time ([0-9]+)$"))
        self.drain = 1000 * int(self.find(examples, "rel/sys.config", r"\{drain, ([0-9]+)\}"))
        self.paths = set()

    @staticmethod
    def find(examples, file, pattern):
        with open(os.path.join(examples, "cluster", file), encoding="utf-8") as stream:
            return re.search(pattern, stream.read(), re.MULTILINE)[1]

    def asked(self, path):
        self.paths.add(path)


FILES = {
    "cluster/stack.yml": platforms.swarm,
    "deploy/heroku/heroku.yml": platforms.heroku,
    "deploy/elastic-beanstalk/Dockerrun.aws.json": platforms.elastic_beanstalk,
    "deploy/elastic-beanstalk/.ebextensions/health.config": platforms.beanstalk_options,
    "deploy/app-engine/app.yaml": platforms.app_engine,
    "deploy/cloud-foundry/manifest.yml": platforms.cloud_foundry,
}


def main(examples, layout, *rest):
    release = Release(examples, layout)
    faults = []
    if release.shutdown_time <= release.drain:
        faults.append(f"vm.args: -shutdown_time {release.shutdown_time} is not above the drain of {release.drain}")

    def look(what, files, check):
        try:
            documents = [document for file in files for document in read(os.path.join(examples, file))]
            faults.extend(f"{what}: {fault}" for fault in check(documents, release))
        except yaml.YAMLError as error:
            faults.append(f"{what}: {error}".replace("\n", " "))

    for file, check in FILES.items():
        look(file, [file], check)
    folder = "cluster/kubernetes"
    look(folder, [f"{folder}/{name}" for name in sorted(os.listdir(os.path.join(examples, folder)))], kubernetes.check)
    for fault in faults:
        print(fault)
    if rest:
        with open(rest[1], "w", encoding="utf-8") as stream:
            stream.writelines(f"{path}\n" for path in sorted(release.paths))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
