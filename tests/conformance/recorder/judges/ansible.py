#!/usr/bin/env python3
"""What Ansible's kubernetes.core (`k8s` with `wait: true`) says of each state. Usage: ansible.py STATES, with a folder that
holds `ansible_collections/` on PYTHONPATH, and the packages kubernetes and ansible-core."""
import json
import sys

from ansible_collections.kubernetes.core.plugins.module_utils.k8s.waiter import statefulset_ready
from kubernetes.dynamic.resource import ResourceInstance

out = {}
for name, state in json.load(open(sys.argv[1])).items():
    try:
        out[name] = ["ready" if statefulset_ready(ResourceInstance(None, state["set"])) else "not ready", ""]
    except Exception as e:
        out[name] = ["error", f"{type(e).__name__}: {e}"]
print(json.dumps(out, indent=1, sort_keys=True))
