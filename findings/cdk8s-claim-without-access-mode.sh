#!/usr/bin/env bash
# A StatefulSet written with cdk8s-plus for Kubernetes 1.37 is refused by
# Kubernetes 1.37 if it says no more of its claims than name and size. The
# library's claim templates are new; their access modes are optional and
# described as "no access modes requirement". One expects that such a
# template gets ReadWriteOnce, or that the library asks for a mode as it asks
# for a mount of every template. What happens: it synthesizes a template
# without accessModes. Every claim needs at least one, and since 1.34 the
# API server checks claim templates too, so the set is refused; before, the
# set was taken and no pod ever came. kubernetes-validate, which checks
# against the schemas of 1.37, finds nothing, as the schema has no required
# access modes. Seen with cdk8s-plus-37 2.0.3, cdk8s 2.70.115 and
# kubernetes-validate 1.37.0. It hurts those who use the shortest form that
# the library allows, and who check what they synthesize by the schema.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install -q cdk8s==2.70.115 cdk8s-plus-37==2.0.3 kubernetes-validate==1.37.0
env/bin/pip list 2>pip.log | grep -E '^(cdk8s|kubernetes-validate)'

cat >try.py <<'EOF'
import json, yaml
import cdk8s
import cdk8s_plus_37 as plus
import kubernetes_validate

def say(what, **more):
    app = cdk8s.App()
    chart = cdk8s.Chart(app, "chart")
    template = plus.PersistentVolumeClaimTemplateProps(
        name="data", storage=cdk8s.Size.gibibytes(10), **more)
    web = plus.StatefulSet(
        chart, "web", volume_claim_templates=[template],
        containers=[plus.ContainerProps(image="nginx:1.28", port_number=80)])
    if what != "no mount":
        web.containers[0].mount("/data", plus.Volume.from_name(chart, "volume", "data"))
    try:
        objects = list(yaml.safe_load_all(app.synth_yaml()))
    except Exception as error:
        print(what, "-> error:", str(error).splitlines()[0].split("Error: ")[-1])
        return
    found = [o for o in objects if o["kind"] == "StatefulSet"][0]
    print(what, "->", json.dumps(found["spec"]["volumeClaimTemplates"]))
    for strict in (False, True):
        kubernetes_validate.validate(found, "1.37", strict=strict)
        print("  strictly valid by schema" if strict else "  valid by schema")

say("name and size")
say("with a mode", access_modes=[plus.PersistentVolumeAccessMode.READ_WRITE_ONCE])
say("no mount")
EOF
env/bin/python try.py 2>node.log | tee got

cat >expected <<'EOF'
name and size -> [{"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "10Gi"}}}}]
  valid by schema
  strictly valid by schema
with a mode -> [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}}]
  valid by schema
  strictly valid by schema
no mount -> error: Volume claim template with name "data" is not used by any container mount
EOF
diff -u expected got
echo "The same as when this was found."
