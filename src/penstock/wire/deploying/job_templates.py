"""The base job templates of the types of work pools that Penstock comes with: what runs may say, and what becomes of it.

They are plain data, so that a server can make a pool of these types without the workers' code.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_COMMON: Schema = {
    "name": {"type": "string", "title": "Name", "description": "The name of what is started for a run."},
    "env": {
        "type": "object",
        "title": "Environment variables",
        "description": "Variables that a run finds in its environment; null takes one away.",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        "default": {},
    },
    "labels": {
        "type": "object",
        "title": "Labels",
        "description": "Labels of what is started for a run.",
        "additionalProperties": {"type": "string"},
        "default": {},
    },
    "command": {
        "type": "string",
        "title": "Command",
        "description": "What is run instead of `penstock flow-run execute`. It must lead to that in the end.",
    },
}

_STREAM_OUTPUT: Schema = {
    "type": "boolean",
    "title": "Stream output",
    "description": "Whether what a run prints is kept as lines of its log.",
    "default": True,
}


def _template(variables: Schema, configuration: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a template in which each variable is the part of the configuration that has its name, unless said otherwise."""
    properties = _COMMON | variables
    return {
        "variables": {"type": "object", "properties": properties},
        "job_configuration": {name: f"{{{{ {name} }}}}" for name in properties}
        if configuration is None
        else configuration,
    }


_TIME_LIMIT: Schema = {
    "type": "number",
    "exclusiveMinimum": 0,
    "title": "Time limit",
    "description": "After how many seconds what was started for a run is ended; the run is then Crashed.",
}

_PROCESS = _template(
    {
        "stream_output": _STREAM_OUTPUT,
        "working_dir": {
            "type": "string",
            "title": "Working directory",
            "description": "The folder that a run begins in; by default that of its code.",
        },
        "memory_limit_mb": {
            "type": "integer",
            "minimum": 64,
            "title": "Memory limit",
            "description": "How many mebibytes of memory the process, and each that it starts, may have.",
        },
        "time_limit_seconds": _TIME_LIMIT,
        "grace_seconds": {
            "type": "number",
            "minimum": 0,
            "title": "Grace time",
            "description": "How long the process may take when it is asked to end, before it is killed.",
            "default": 30,
        },
    }
)

_DOCKER = _template(
    {
        "image": {
            "type": "string",
            "title": "Image",
            "description": "The image that a run's container is made of.",
        },
        "image_pull_policy": {
            "type": "string",
            "enum": ["IfNotPresent", "Always", "Never"],
            "title": "Image pull policy",
            "description": "When the image is pulled; by default where it is not there, or its tag is latest.",
        },
        "networks": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Networks",
            "description": "Networks that the container is joined to.",
            "default": [],
        },
        "network_mode": {
            "type": "string",
            "title": "Network mode",
            "description": "How the container is on the network: `bridge`, `host`, `none`.",
        },
        "auto_remove": {
            "type": "boolean",
            "title": "Remove",
            "description": "Whether the container is removed once the run has ended.",
            "default": True,
        },
        "volumes": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Volumes",
            "description": "What of the machine is found in the container: `path on the machine:path in the container`.",
            "default": [],
        },
        "stream_output": _STREAM_OUTPUT,
        "mem_limit": {
            "type": "string",
            "title": "Memory limit",
            "description": "How much memory the container may take, such as `512m` or `2g`.",
        },
        "memswap_limit": {
            "type": "string",
            "title": "Memory and swap limit",
            "description": "How much memory and swap space it may take together; -1 for any amount of swap space.",
        },
        "cpus": {
            "type": "number",
            "exclusiveMinimum": 0,
            "title": "Processors",
            "description": "How many processors the container may use, such as 1.5.",
        },
        "time_limit_seconds": _TIME_LIMIT,
        "privileged": {
            "type": "boolean",
            "title": "Privileged",
            "description": "Whether the container may do everything with the machine.",
            "default": False,
        },
        "container_create_kwargs": {
            "type": "object",
            "title": "Further settings",
            "description": "Further settings of the container, as docker-py names them.",
        },
    }
)

_MANIFEST: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"labels": "{{ labels }}", "namespace": "{{ namespace }}"},
    "spec": {
        "parallelism": 1,
        "completions": 1,
        "backoffLimit": "{{ backoff_limit }}",
        "ttlSecondsAfterFinished": "{{ finished_job_ttl }}",
        "template": {
            "spec": {
                "restartPolicy": "Never",
                "serviceAccountName": "{{ service_account_name }}",
                "containers": [
                    {
                        "name": "penstock-job",
                        "env": "{{ env }}",
                        "image": "{{ image }}",
                        "imagePullPolicy": "{{ image_pull_policy }}",
                        "args": "{{ command }}",
                    }
                ],
            }
        },
    },
}

_KUBERNETES = _template(
    {
        "namespace": {
            "type": "string",
            "title": "Namespace",
            "description": "The namespace that jobs are made in. By default the worker's: its pod's, or its kubeconfig's.",
        },
        "image": {"type": "string", "title": "Image", "description": "The image that a run's container is made of."},
        "image_pull_policy": {
            "type": "string",
            "enum": ["IfNotPresent", "Always", "Never"],
            "title": "Image pull policy",
            "description": "When the image is pulled.",
            "default": "IfNotPresent",
        },
        "service_account_name": {
            "type": "string",
            "title": "Service account",
            "description": "The service account that a run's pod has.",
        },
        "backoff_limit": {
            "type": "integer",
            "minimum": 0,
            "title": "Backoff limit",
            "description": "How many times the cluster itself starts a failed pod again; Penstock's own retries are better.",
            "default": 0,
        },
        "finished_job_ttl": {
            "type": "integer",
            "minimum": 0,
            "title": "Time to live",
            "description": "After how many seconds the cluster removes a job that has ended.",
            "default": 3600,
        },
        "pod_watch_timeout_seconds": {
            "type": "integer",
            "minimum": 1,
            "title": "Pod start limit",
            "description": "How many seconds a pod may take to start; more where a node is started for it first.",
            "default": 60,
        },
        "job_watch_timeout_seconds": {
            "type": "integer",
            "minimum": 1,
            "title": "Job limit",
            "description": "How many seconds a job may take.",
        },
        "stream_output": _STREAM_OUTPUT,
    },
    {
        "name": "{{ name }}",
        "env": "{{ env }}",
        "labels": "{{ labels }}",
        "command": "{{ command }}",
        "namespace": "{{ namespace }}",
        "pod_watch_timeout_seconds": "{{ pod_watch_timeout_seconds }}",
        "job_watch_timeout_seconds": "{{ job_watch_timeout_seconds }}",
        "stream_output": "{{ stream_output }}",
        "job_manifest": _MANIFEST,
    },
)
TEMPLATES: dict[str, dict[str, Any]] = {"process": _PROCESS, "docker": _DOCKER, "kubernetes": _KUBERNETES}
"""The templates, by the types of pools."""
