"""What Kubernetes takes: the fields that the example uses, by the reference of the API, version 1.30 ("Kubernetes API" in
the documentation: Workload Resources, Service Resources, Config and Storage Resources, Policy Resources). Unknown fields are
faults, as with --validate=strict. Types are those of the JSON schemas there; IntOrString, Quantity and names by their prose.
"""

from shape import either, fields, items, one_of, pairs, text, truth, whole

NAME = text(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", 63)  # RFC 1123 label
SUBDOMAIN = text(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*", 253)
SERVICE_NAME = text(r"[a-z]([-a-z0-9]*[a-z0-9])?", 63)  # RFC 1035 label
PORT_NAME = text(r"(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-))*(?<!-)", 15)  # IANA service name
LABEL_KEY = text(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
LABELS = pairs(LABEL_KEY, text(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"))
QUANTITY = either(text(r"[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?"), whole())
PORT = whole(1, 65535)
PORT_OR_NAME = either(PORT, PORT_NAME)
ID = whole(0, 2**31 - 1)
PROTOCOL = one_of("TCP", "UDP", "SCTP")
MODE = whole(0, 0o777)
SECCOMP = fields({"type": one_of("RuntimeDefault", "Unconfined", "Localhost")}, {"localhostProfile": text(".+")})
METADATA = fields({"name": SUBDOMAIN}, {"namespace": NAME, "labels": LABELS, "annotations": pairs(LABEL_KEY, text())})
SELECTOR = fields({"matchLabels": LABELS})

HTTP_GET = fields({"port": PORT_OR_NAME}, {"path": text("/.*"), "scheme": one_of("HTTP", "HTTPS"), "host": text()})
EXEC = fields({"command": items(text())})
TIMES = {"initialDelaySeconds": whole(), "timeoutSeconds": whole(1), "periodSeconds": whole(1), "failureThreshold": whole(1),
         "httpGet": HTTP_GET, "exec": EXEC, "tcpSocket": fields({"port": PORT_OR_NAME})}
ACTIONS = ("httpGet", "exec", "tcpSocket")
# Only readiness may want more than one success.
PROBE = fields({}, {**TIMES, "successThreshold": one_of(1)}, ACTIONS)
READINESS = fields({}, {**TIMES, "successThreshold": whole(1)}, ACTIONS)

ENV = fields({"name": text(r"[-._a-zA-Z][-._a-zA-Z0-9]*")},
             {"value": text(), "valueFrom": fields({}, {
                 "fieldRef": fields({"fieldPath": one_of("metadata.name", "metadata.namespace", "status.podIP", "spec.nodeName")}),
                 "secretKeyRef": fields({"name": SUBDOMAIN, "key": text(".+")})}, ("fieldRef", "secretKeyRef"))},
             ("value", "valueFrom"))
CONTAINER_SECURITY = fields({}, {
    "allowPrivilegeEscalation": truth, "readOnlyRootFilesystem": truth, "privileged": truth, "runAsNonRoot": truth,
    "runAsUser": ID, "runAsGroup": ID, "seccompProfile": SECCOMP,
    "capabilities": fields({}, {"drop": items(text("[A-Z_]+")), "add": items(text("[A-Z_]+"))})})
CONTAINER = fields(
    {"name": NAME, "image": text(r"\S+")},
    {"imagePullPolicy": one_of("Always", "IfNotPresent", "Never"), "command": items(text()), "args": items(text()),
     "ports": items(fields({"containerPort": PORT}, {"name": PORT_NAME, "protocol": PROTOCOL})),
     "env": items(ENV), "startupProbe": PROBE, "livenessProbe": PROBE, "readinessProbe": READINESS,
     "resources": fields({}, {"requests": pairs(text("cpu|memory|ephemeral-storage"), QUANTITY),
                              "limits": pairs(text("cpu|memory|ephemeral-storage"), QUANTITY)}),
     "securityContext": CONTAINER_SECURITY, "workingDir": text("/.*"),
     "volumeMounts": items(fields({"name": NAME, "mountPath": text("[^:]+")}, {"readOnly": truth, "subPath": text("[^/].*")}))})
VOLUME = fields(
    {"name": NAME},
    {"emptyDir": fields({}, {"medium": one_of("", "Memory"), "sizeLimit": QUANTITY}),
     "secret": fields({"secretName": SUBDOMAIN}, {"defaultMode": MODE, "optional": truth, "items": items(fields(
         {"key": text(".+"), "path": text("[^/].*")}, {"mode": MODE}))})},
    ("emptyDir", "secret"))
POD = fields(
    {"containers": items(CONTAINER)},
    {"terminationGracePeriodSeconds": whole(), "enableServiceLinks": truth, "automountServiceAccountToken": truth,
     "serviceAccountName": SUBDOMAIN, "volumes": items(VOLUME),
     "securityContext": fields({}, {"runAsNonRoot": truth, "runAsUser": ID, "runAsGroup": ID, "fsGroup": ID,
                                    "seccompProfile": SECCOMP}),
     "topologySpreadConstraints": items(fields(
         {"maxSkew": whole(1), "topologyKey": LABEL_KEY, "whenUnsatisfiable": one_of("DoNotSchedule", "ScheduleAnyway")},
         {"labelSelector": SELECTOR}))})
STATEFUL_SET = fields(
    {"serviceName": SERVICE_NAME, "selector": SELECTOR,
     "template": fields({"metadata": fields({"labels": LABELS}, {"annotations": pairs(LABEL_KEY, text())}), "spec": POD})},
    {"replicas": whole(), "podManagementPolicy": one_of("OrderedReady", "Parallel"), "minReadySeconds": whole(),
     "revisionHistoryLimit": whole(),
     "updateStrategy": fields({"type": one_of("RollingUpdate", "OnDelete")}, {"rollingUpdate": fields({}, {"partition": whole()})})})
SERVICE = fields(
    {"ports": items(fields({"port": PORT}, {"name": NAME, "targetPort": PORT_OR_NAME, "protocol": PROTOCOL}))},
    {"type": one_of("ClusterIP", "NodePort", "LoadBalancer"), "clusterIP": text(r"None|[0-9.]+"), "selector": LABELS,
     "publishNotReadyAddresses": truth})
DISRUPTION = fields(
    {"selector": SELECTOR},
    {"minAvailable": either(whole(), text("[0-9]+%")), "maxUnavailable": either(whole(), text("[0-9]+%"))},
    ("minAvailable", "maxUnavailable"))
PEER = fields({}, {"podSelector": SELECTOR, "namespaceSelector": SELECTOR})
NETWORK = fields(
    {"podSelector": either(SELECTOR, fields({}))},
    {"policyTypes": items(one_of("Ingress", "Egress")), "ingress": items(fields({}, {
        "from": items(PEER), "ports": items(fields({}, {"protocol": PROTOCOL, "port": PORT_OR_NAME}))}))})


def kind(version, name, **parts):
    required = {"apiVersion": one_of(version), "kind": one_of(name), "metadata": METADATA}
    return fields({**required, **parts})


KINDS = {
    "StatefulSet": kind("apps/v1", "StatefulSet", spec=STATEFUL_SET),
    "Service": kind("v1", "Service", spec=SERVICE),
    "PodDisruptionBudget": kind("policy/v1", "PodDisruptionBudget", spec=DISRUPTION),
    "NetworkPolicy": kind("networking.k8s.io/v1", "NetworkPolicy", spec=NETWORK),
    "Secret": fields({"apiVersion": one_of("v1"), "kind": one_of("Secret"), "metadata": METADATA},
                     {"type": text(".+"), "immutable": truth, "stringData": pairs(text(r"[-._a-zA-Z0-9]+"), text()),
                      "data": pairs(text(r"[-._a-zA-Z0-9]+"), text("[A-Za-z0-9+/=]*"))}),
}


def check(documents, release):
    """Faults of all documents: each by itself, among each other, and against the release."""
    by_kind = {}
    for place, document in enumerate(documents):
        name = document.get("kind") if isinstance(document, dict) else None
        if name not in KINDS:
            yield f"document {place}: no kind that is known: {name!r}"
            return
        faults = list(KINDS[name](document, name))
        yield from faults
        if faults:
            return
        by_kind.setdefault(name, []).append(document)
    for name, many in by_kind.items():
        names = [one["metadata"]["name"] for one in many]
        if len(set(names)) != len(names):
            yield f"{name}: two are called the same"
    for stateful in by_kind.get("StatefulSet", []):
        yield from check_stateful(stateful["spec"], by_kind, release)


def check_stateful(spec, by_kind, release):
    labels = spec["template"]["metadata"]["labels"]
    pod = spec["template"]["spec"]

    def selects(selector):
        return bool(selector) and selector.items() <= labels.items()

    if not selects(spec["selector"]["matchLabels"]):
        yield "StatefulSet: its selector does not select its own template"
    services = {one["metadata"]["name"]: one["spec"] for one in by_kind.get("Service", [])}
    headless = services.get(spec["serviceName"])
    if headless is None:
        yield f"StatefulSet: there is no service {spec['serviceName']}"
    elif headless.get("clusterIP") != "None" or not headless.get("publishNotReadyAddresses"):
        yield f"Service {spec['serviceName']}: is not headless with the addresses of nodes that are not ready"
    ports = {}
    for container in pod["containers"]:
        for port in container.get("ports", []):
            if port.get("name") in ports:
                yield f"StatefulSet: two ports are called {port.get('name')}"
            ports[port.get("name")] = port["containerPort"]
    for name, service in services.items():
        if not selects(service.get("selector")):
            yield f"Service {name}: does not select the pods"
        for port in service["ports"]:
            if port.get("targetPort", port["port"]) not in set(ports) | set(ports.values()):
                yield f"Service {name}: the pods have no port {port.get('targetPort')!r}"
        if len(service["ports"]) > 1 and not all("name" in port for port in service["ports"]):
            yield f"Service {name}: several ports need names"
    for budget in by_kind.get("PodDisruptionBudget", []):
        if not selects(budget["spec"]["selector"]["matchLabels"]):
            yield "PodDisruptionBudget: does not select the pods"
    for policy in by_kind.get("NetworkPolicy", []):
        if not selects(policy["spec"]["podSelector"].get("matchLabels")):
            yield "NetworkPolicy: does not select the pods"
        for rule in policy["spec"].get("ingress", []):
            yield from (f"NetworkPolicy: the pods have no port {port['port']!r}" for port in rule.get("ports", [])
                        if port["port"] not in set(ports) | set(ports.values()))
    for spread in pod.get("topologySpreadConstraints", []):
        if not selects(spread.get("labelSelector", {}).get("matchLabels")):
            yield "topologySpreadConstraints: do not select the pods"
    yield from check_volumes(pod, by_kind)
    yield from check_release(pod, ports, services, spec, release)


def check_volumes(pod, by_kind):
    volumes = [one["name"] for one in pod.get("volumes", [])]
    mounts = [mount for container in pod["containers"] for mount in container.get("volumeMounts", [])]
    if sorted(volumes) != sorted({mount["name"] for mount in mounts}):
        yield f"volumes {volumes} and volumeMounts differ"
    if len({mount["mountPath"] for mount in mounts}) != len(mounts):
        yield "two volumes are mounted at one place"
    secrets = {one["metadata"]["name"]: one for one in by_kind.get("Secret", [])}
    for volume in pod.get("volumes", []):
        name = volume.get("secret", {}).get("secretName")
        if name is not None and name not in secrets:
            yield f"there is no Secret {name}"
    for name, secret in secrets.items():
        if any(secret.get("stringData", {}).values()) or any(secret.get("data", {}).values()):
            yield f"Secret {name}: a secret stands in it"
    # What the release reads is there.
    for container in pod["containers"]:
        for variable in container.get("env", []):
            if not variable["name"].endswith("_FILE"):
                continue
            folder, _, file = variable["value"].rpartition("/")
            volume = next((one for mount in mounts for one in pod["volumes"]
                           if mount["mountPath"] == folder and mount["name"] == one["name"]), {})
            secret = secrets.get(volume.get("secret", {}).get("secretName"), {})
            if file not in {**secret.get("stringData", {}), **secret.get("data", {})}:
                yield f"{variable['name']}: no volume has {variable['value']}"


def check_release(pod, ports, services, spec, release):
    security = pod.get("securityContext", {})
    if not security.get("runAsNonRoot") or f"{security.get('runAsUser')}:{security.get('runAsGroup')}" != release.user:
        yield f"securityContext: the user of the image is {release.user}"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "securityContext: no seccomp profile"
    if pod.get("terminationGracePeriodSeconds", 30) * 1000 <= release.shutdown_time:
        yield f"terminationGracePeriodSeconds: not above -shutdown_time {release.shutdown_time}"
    if pod.get("enableServiceLinks", True):
        yield "enableServiceLinks: variables of services would be taken for the release's own"
    for container in pod["containers"]:
        if container["image"] not in release.tags:
            yield f"image {container['image']}: the image is called {release.tags}"
        if not set(ports.values()) <= release.ports:
            yield f"ports {sorted(ports.values())}: the image has {sorted(release.ports)}"
        own = container.get("securityContext", {})
        if own.get("allowPrivilegeEscalation", True) or not own.get("readOnlyRootFilesystem") or \
                own.get("capabilities") != {"drop": ["ALL"]}:
            yield "securityContext of the container: not as tight as the image allows"
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            action = container.get(probe, {}).get("httpGet")
            if action is None:
                yield f"{probe} is missing"
            elif action["port"] not in set(ports) | set(ports.values()):
                yield f"{probe}: there is no port {action['port']!r}"
            else:
                release.asked(action["path"])
        found = {one["name"]: one.get("value") for one in container.get("env", [])}
        if found.get("CLUSTER_DNS") != spec["serviceName"]:
            yield f"CLUSTER_DNS: {found.get('CLUSTER_DNS')!r} is not the headless service"
        asked = container["resources"]
        if "memory" not in asked.get("limits", {}) or not {"cpu", "memory"} <= set(asked.get("requests", {})):
            yield "resources: cpu and memory are asked for, and memory has a limit"
