#!/usr/bin/env bash
# Rancher's library for controllers says "active" of a StatefulSet of which no
# pod is ready, if the object is typed. summary.Summarize is where Rancher and
# Fleet take the state of any object from. It takes a runtime.Object: an
# unstructured one or a typed one. For an unstructured StatefulSet it asks
# kstatus, and says "in-progress", "Ready: 0/3". One expects the same of the
# typed object that was decoded from the same text. What happens: for every
# typed StatefulSet that is not being deleted the answer is "active", not
# transitioning, without a message: with no pod ready, with one pod of three,
# with a generation that no controller has seen. The library turns the typed
# object into a map whose numbers are floats; kstatus returns an error for a
# float, and this error is taken for "active". Seen with wrangler v3.8.0. It
# hurts controllers that read sets through typed listers, as client-go gives
# them, and wait for IsReady(): their wait ends before the first pod is there.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/try"
cd "$work/try"
export GOFLAGS=-mod=mod GOPATH="$work/go"

cat >go.mod <<'EOF'
module finding

go 1.26.0

require (
	github.com/rancher/wrangler/v3 v3.8.0
	k8s.io/api v0.37.2
	k8s.io/apimachinery v0.37.2
)
EOF

cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"

	"github.com/rancher/wrangler/v3/pkg/summary"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const set = `{"apiVersion": "apps/v1", "kind": "StatefulSet",
"metadata": {"name": "db", "namespace": "default", "generation": 2%s},
"spec": {"replicas": 3, "serviceName": "db", "selector": {"matchLabels": {"app": "db"}},
"template": {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "db", "image": "db:1"}]}},
"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}},
"status": {"observedGeneration": %d, "replicas": %d, "readyReplicas": %d, "availableReplicas": %d,
"currentReplicas": %d, "updatedReplicas": %d, "currentRevision": "db-1", "updateRevision": "db-1"}}`

func say(what, text string) {
	loose := &unstructured.Unstructured{}
	typed := &appsv1.StatefulSet{}
	for _, err := range []error{loose.UnmarshalJSON([]byte(text)), json.Unmarshal([]byte(text), typed)} {
		if err != nil {
			panic(err)
		}
	}
	a, b := summary.Summarize(loose), summary.Summarize(typed)
	fmt.Printf("%s: unstructured %s ready=%v %q, typed %s ready=%v %q\n",
		what, a.State, a.IsReady(), a.Message, b.State, b.IsReady(), b.Message)
}

func main() {
	made := func(extra string, seen, pods, ready int) string {
		return fmt.Sprintf(set, extra, seen, pods, ready, ready, pods, pods)
	}
	say("all ready", made("", 2, 3, 3))
	say("none ready", made("", 2, 3, 0))
	say("one pod of three", made("", 2, 1, 0))
	say("generation not seen", made("", 1, 3, 3))
	say("being deleted", made(`, "deletionTimestamp": "2026-11-30T00:00:00Z", "finalizers": ["foregroundDeletion"]`, 2, 3, 3))
}
EOF
go mod tidy >go.log 2>&1 || { cat go.log; exit 1; }
grep -E 'rancher/wrangler|k8s.io/api |cli-utils' go.mod
go run . >said 2>go.log || { cat go.log; exit 1; }
cat said
diff said - <<'EOF'
all ready: unstructured active ready=true ["Partition rollout complete. updated: 3"], typed active ready=true []
none ready: unstructured in-progress ready=false ["Ready: 0/3"], typed active ready=true []
one pod of three: unstructured in-progress ready=false ["Replicas: 1/3"], typed active ready=true []
generation not seen: unstructured in-progress ready=false ["StatefulSet generation is 2, but latest observed generation is 1"], typed active ready=true []
being deleted: unstructured removing ready=false ["Resource scheduled for deletion"], typed removing ready=false ["Resource scheduled for deletion"]
EOF
echo 'As described: the typed object is active whatever its status says.'
