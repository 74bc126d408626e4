"""What the platforms take, by the pages named with each, and what must agree with the release."""

import re

from shape import either, fields, items, number, one_of, pairs, text, truth, whole

ENV_NAME = text(r"[A-Za-z_][A-Za-z0-9_]*")
IMAGE = text(r"[a-z0-9][a-z0-9._/:-]*[A-Za-z0-9]")

# Heroku Dev Center, "Building Docker Images with heroku.yml": the sections setup, build, release, run; and "Container Registry
# & Runtime (Docker Deploys)".
HEROKU_RUN = either(text(".+"), fields({"command": items(text(".+"), 1, 1)}, {"image": text(".+")}), fields({"image": text(".+")}))
HEROKU = fields(
    {"build": fields({"docker": pairs(text("[a-z][a-z0-9-]*"), text(r"[^/].*"))}, {"config": pairs(ENV_NAME, text())})},
    {"setup": fields({}, {"addons": items(fields({"plan": text(".+")}, {"as": text("[A-Z_]+")})), "config": pairs(ENV_NAME, text())}),
     "release": fields({"command": items(text(".+"))}, {"image": text(".+")}),
     "run": pairs(text("[a-z][a-z0-9-]*"), HEROKU_RUN)})

# AWS Elastic Beanstalk Developer Guide, "Docker configuration": Dockerrun.aws.json version 1.
DOCKERRUN = fields(
    {"AWSEBDockerrunVersion": one_of("1"), "Image": fields({"Name": IMAGE}, {"Update": one_of("true", "false")})},
    {"Ports": items(fields({"ContainerPort": either(whole(1, 65535), text("[0-9]+"))},
                           {"HostPort": either(whole(1, 65535), text("[0-9]+"))})),
     "Authentication": fields({"Bucket": text(".+"), "Key": text(".+")}), "Logging": text("/.*"),
     "Volumes": items(fields({"HostDirectory": text("/.*"), "ContainerDirectory": text("/.*")})),
     "Entrypoint": text(".+"), "Command": text(".+")})
# The same guide, "Option settings" and "Configuration options general namespaces"; the namespaces that are used.
NUMBER = text("[0-9]+")
OPTIONS = fields({"option_settings": fields({}, {
    "aws:elasticbeanstalk:application": fields({}, {"Application Healthcheck URL": text("(HTTPS?:[0-9]+)?/.*")}),
    "aws:elasticbeanstalk:environment:process:default": fields({}, {
        "HealthCheckPath": text("/.*"), "Port": NUMBER, "Protocol": one_of("HTTP", "HTTPS"), "DeregistrationDelay": NUMBER,
        "HealthCheckInterval": NUMBER, "HealthCheckTimeout": NUMBER, "HealthyThresholdCount": NUMBER,
        "UnhealthyThresholdCount": NUMBER, "MatcherHTTPCode": NUMBER, "StickinessEnabled": one_of("true", "false")}),
    "aws:elasticbeanstalk:command": fields({}, {
        "DeploymentPolicy": one_of("AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"),
        "BatchSizeType": one_of("Percentage", "Fixed"), "BatchSize": NUMBER, "Timeout": NUMBER}),
    "aws:elasticbeanstalk:application:environment": pairs(ENV_NAME, text())})})

# Google Cloud, App Engine flexible environment, "app.yaml configuration file".
APP_YAML = fields(
    {"runtime": text(".+"), "env": one_of("flex")},
    {"service": text("[a-z0-9]([-a-z0-9]*[a-z0-9])?", 63), "service_account": text(".+@.+"),
     "readiness_check": fields({"path": text("/.*")}, {
         "check_interval_sec": whole(1, 300), "timeout_sec": whole(1, 300), "failure_threshold": whole(1, 10),
         "success_threshold": whole(1, 10), "app_start_timeout_sec": whole(1, 1800)}),
     "liveness_check": fields({"path": text("/.*")}, {
         "check_interval_sec": whole(1, 300), "timeout_sec": whole(1, 300), "failure_threshold": whole(1, 10),
         "success_threshold": whole(1, 10), "initial_delay_sec": whole(0, 3600)}),
     "resources": fields({}, {"cpu": one_of(1, *range(2, 81, 2)), "memory_gb": number(0.1, 6.5 * 80), "disk_size_gb": whole(10, 10240)}),
     "manual_scaling": fields({"instances": whole(1)}),
     "automatic_scaling": fields({}, {"min_num_instances": whole(1), "max_num_instances": whole(1), "cool_down_period_sec": whole(60),
                                      "cpu_utilization": fields({"target_utilization": number(0.01, 1)})}),
     "network": fields({"name": text(".+")}, {"session_affinity": truth, "forwarded_ports": items(either(whole(1, 65535), text(".+")))}),
     "env_variables": pairs(ENV_NAME, text())})

# Cloud Foundry documentation, "App manifest attribute reference".
SIZE = text("[0-9]+(B|KB?|MB?|GB?|TB?)")
APPLICATION = fields(
    {"name": text("[a-z0-9][a-z0-9-]*")},
    {"docker": fields({"image": IMAGE}, {"username": text(".+")}), "path": text(".+"), "buildpacks": items(text(".+")),
     "stack": text("[a-z0-9]+"), "command": text(".+"), "instances": whole(0), "memory": SIZE, "disk_quota": SIZE,
     "timeout": whole(1, 180), "health-check-type": one_of("port", "process", "http"), "health-check-http-endpoint": text("/.*"),
     "health-check-invocation-timeout": whole(1), "health-check-interval": whole(1),
     "readiness-health-check-type": one_of("port", "process", "http"), "readiness-health-check-http-endpoint": text("/.*"),
     "readiness-health-check-invocation-timeout": whole(1), "readiness-health-check-interval": whole(1),
     "env": pairs(ENV_NAME, text()), "routes": items(fields({"route": text(".+")}, {"protocol": one_of("http1", "http2", "tcp")})),
     "no-route": truth, "random-route": truth, "services": items(text(".+")), "log-rate-limit-per-second": SIZE})
CLOUD_FOUNDRY = fields({"applications": items(APPLICATION)}, {"version": one_of(1)})


def first_fault(shape, documents, where):
    if len(documents) != 1:
        return [f"{where}: {len(documents)} documents, not one"]
    return list(shape(documents[0], where))


def heroku(documents, release):
    faults = first_fault(HEROKU, documents, "heroku.yml")
    if faults:
        return faults
    document = documents[0]
    for process, run in document.get("run", {}).items():
        image = run.get("image", process) if isinstance(run, dict) else process
        if image not in document["build"]["docker"]:
            faults.append(f"run.{process}: there is no image {image}")
        # It is a line for /bin/sh; what stands in the image is the launcher.
        command = run["command"][0] if isinstance(run, dict) else run
        if command.split()[:1] != release.entrypoint[:1]:
            faults.append(f"run.{process}: {command!r} is not the entry point {release.entrypoint}")
    if "web" not in document.get("run", {"web": None}):
        faults.append("run: only `web` gets requests")
    return faults


def elastic_beanstalk(documents, release):
    faults = first_fault(DOCKERRUN, documents, "Dockerrun.aws.json")
    if faults:
        return faults
    document = documents[0]
    if document["Image"]["Name"] not in release.tags:
        faults.append(f"Image.Name: the image is called {release.tags}")
    if not {int(one["ContainerPort"]) for one in document["Ports"]} <= release.ports:
        faults.append(f"Ports: the image has {sorted(release.ports)}")
    return faults


def beanstalk_options(documents, release):
    faults = first_fault(OPTIONS, documents, "option_settings")
    if faults:
        return faults
    settings = documents[0]["option_settings"]
    release.asked(settings["aws:elasticbeanstalk:application"]["Application Healthcheck URL"])
    process = settings["aws:elasticbeanstalk:environment:process:default"]
    release.asked(process["HealthCheckPath"])
    if int(process["DeregistrationDelay"]) * 1000 < release.drain:
        faults.append("DeregistrationDelay: shorter than the release goes on serving")
    port = settings["aws:elasticbeanstalk:application:environment"].get("CLUSTER_PORT")
    if port is None or int(port) not in release.ports:
        faults.append(f"CLUSTER_PORT: the image has {sorted(release.ports)}")
    return faults


def app_engine(documents, release):
    faults = first_fault(APP_YAML, documents, "app.yaml")
    if faults:
        return faults
    document = documents[0]
    if document["runtime"] != "custom":
        faults.append("runtime: an image needs `custom`")
    if "manual_scaling" in document and "automatic_scaling" in document:
        faults.append("manual_scaling and automatic_scaling exclude each other")
    if 8080 not in release.ports:
        faults.append("the front end asks port 8080")
    resources = document.get("resources", {})
    cpu, memory = resources.get("cpu", 1), resources.get("memory_gb", 0.6)
    if not 0.6 <= memory <= cpu * 6.5 - 0.4:
        faults.append(f"memory_gb: {memory} with {cpu} cpu; per cpu there are 1.0 to 6.5, 0.4 of it for the platform")
    for check in ("readiness_check", "liveness_check"):
        release.asked(document[check]["path"])
        if document[check].get("timeout_sec", 4) > document[check].get("check_interval_sec", 5):
            faults.append(f"{check}: its timeout is longer than its interval")
    return faults


def cloud_foundry(documents, release):
    faults = first_fault(CLOUD_FOUNDRY, documents, "manifest.yml")
    if faults:
        return faults
    applications = documents[0]["applications"]
    if len({one["name"] for one in applications}) != len(applications):
        faults.append("two applications are called the same")
    for one in applications:
        name = one["name"]
        if ("docker" in one) == ("path" in one) or ("docker" in one and ("buildpacks" in one or "stack" in one)):
            faults.append(f"{name}: either docker, or path with buildpacks")
        if "docker" in one and one["docker"]["image"] not in release.tags:
            faults.append(f"{name}: the image is called {release.tags}")
        if "path" in one and one["path"] != release.archive:
            faults.append(f"{name}: path is not {release.archive}, where the tarball is unpacked")
        if "path" in one and not re.fullmatch(rf"\./bin/{release.name} start", one.get("command", "")):
            faults.append(f"{name}: {one.get('command')!r} does not start the release")
        for kind in ("health-check", "readiness-health-check"):
            if one.get(f"{kind}-type") != "http":
                faults.append(f"{name}: {kind}-type is not http")
            else:
                release.asked(one.get(f"{kind}-http-endpoint", "/"))
        # Diego kills ten seconds after it has asked.
        if int(one.get("env", {}).get("CLUSTER_DRAIN", release.drain // 1000)) > 8:
            faults.append(f"{name}: the release would go on serving until it is killed")
    return faults


def swarm(documents, release):
    """docker stack deploy knows the shape best, and is asked in e2e.cluster; here is what must agree with the release."""
    faults = []
    service = documents[0]["services"]["web"]
    if re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", service["image"]) not in release.tags:
        faults.append(f"image: the image is called {release.tags}")
    if {port["target"] for port in service["ports"]} - release.ports:
        faults.append(f"ports: the image has {sorted(release.ports)}")
    if int(service["stop_grace_period"].rstrip("s")) * 1000 <= release.shutdown_time:
        faults.append(f"stop_grace_period: not above -shutdown_time {release.shutdown_time}")
    if service["environment"]["CLUSTER_DNS"] != "tasks.web":
        faults.append("CLUSTER_DNS: not the tasks of this service")
    secret = service["secrets"][0]
    if service["environment"]["RELEASE_COOKIE_FILE"] != "/run/secrets/" + secret["target"]:
        faults.append("RELEASE_COOKIE_FILE: not where the secret is")
    if f"{secret['uid']}:{secret['gid']}" != release.user or secret["mode"] != 0o400:
        faults.append(f"secrets: the user of the image is {release.user}")
    url = re.fullmatch(r"http://127\.0\.0\.1:([0-9]+)(/.*)", service["healthcheck"]["test"][-1])
    if int(url[1]) not in release.ports:
        faults.append(f"healthcheck: the image has {sorted(release.ports)}")
    release.asked(url[2])
    return faults
