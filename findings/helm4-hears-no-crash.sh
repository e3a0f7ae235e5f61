#!/usr/bin/env bash
# The library by which Helm 4 waits does not hear when a pod of a StatefulSet
# begins to crash. Its reader looks at the pods as well: a set with a container
# in CrashLoopBackOff is Failed, and the wait ends at once instead of at its
# timeout. One expects that as soon as a pod gets into this state. What
# happens: the watcher follows the set alone. It reads the pods when the set is
# written, and a pod that crashes for the second time changes no number in the
# status of its set. So the last word stays InProgress, "Ready: 2/3", until
# something else writes to the set, or until the library looks at everything
# again, which is rare. The same reader, asked directly at that moment, says
# Failed. Seen with fluxcd/cli-utils v1.2.2, which Helm 4.3.1 requires. It
# hurts pipelines with `helm upgrade --wait`: for one and the same broken image
# the wait ends within seconds when several pods crash, and lasts for its whole
# timeout of a minute when one does (Helm 4.3.1, on a real control plane).
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/try"
cd "$work/try"
export GOFLAGS=-mod=mod GOPATH="$work/go"

cat >go.mod <<'END'
module finding

go 1.26.0

require (
	github.com/fluxcd/cli-utils v1.2.2
	k8s.io/api v0.37.1
	k8s.io/apimachinery v0.37.1
	k8s.io/client-go v0.37.1
)
END

cat >main.go <<'END'
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/clusterreader"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/event"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/statusreaders"
	"github.com/fluxcd/cli-utils/pkg/kstatus/watcher"
	"github.com/fluxcd/cli-utils/pkg/object"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/kubernetes/scheme"
)

const set = `{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "default", "uid": "1", "generation": 2},
"spec": {"replicas": 3, "serviceName": "db", "selector": {"matchLabels": {"app": "db"}},
"template": {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "db", "image": "db:2"}]}},
"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}},
"status": {"observedGeneration": 2, "replicas": 3, "readyReplicas": 2, "currentReplicas": 2, "updatedReplicas": 1,
"currentRevision": "db-1", "updateRevision": "db-2"}}`

const pod = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "db-2", "namespace": "default", "labels": {"app": "db"},
"ownerReferences": [{"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "1", "controller": true}]},
"spec": {"containers": [{"name": "db", "image": "db:2"}]},
"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
"containerStatuses": [{"name": "db", "restartCount": 1, "state": %s}]}}`

func read(text string, words ...any) *unstructured.Unstructured {
	out := &unstructured.Unstructured{}
	if len(words) > 0 {
		text = fmt.Sprintf(text, words...)
	}
	if err := out.UnmarshalJSON([]byte(text)); err != nil {
		panic(err)
	}
	return out
}

func main() {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	sets, pods := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "statefulsets"}, schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{{Group: "apps", Version: "v1"}, {Version: "v1"}})
	mapper.Add(schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "StatefulSet"}, meta.RESTScopeNamespace)
	mapper.Add(schema.GroupVersionKind{Version: "v1", Kind: "Pod"}, meta.RESTScopeNamespace)
	client := fake.NewSimpleDynamicClient(scheme.Scheme, read(set), read(pod, `{"running": {}}`))
	id := object.ObjMetadata{Namespace: "default", Name: "db", GroupKind: schema.GroupKind{Group: "apps", Kind: "StatefulSet"}}
	events := watcher.NewDefaultStatusWatcher(client, mapper).Watch(ctx, object.ObjMetadataSet{id}, watcher.Options{})
	heard := func(what string) {
		last := "nothing"
		for quiet := time.After(8 * time.Second); ; {
			select {
			case one := <-events:
				if one.Type == event.ResourceUpdateEvent {
					last = fmt.Sprintf("%s, %s", one.Resource.Status, one.Resource.Message)
				}
				continue
			case <-quiet:
			}
			break
		}
		fmt.Printf("%s: the watcher says %s\n", what, last)
	}
	heard("a pod is not ready")
	crashing := read(pod, `{"waiting": {"reason": "CrashLoopBackOff"}}`)
	if _, err := client.Resource(pods).Namespace("default").Update(ctx, crashing, metav1.UpdateOptions{}); err != nil {
		panic(err)
	}
	heard("the pod crashes again and again")
	reader := statusreaders.NewDefaultStatusReader(mapper)
	direct, err := reader.ReadStatus(ctx, &clusterreader.DynamicClusterReader{DynamicClient: client, Mapper: mapper}, id)
	if err != nil {
		panic(err)
	}
	fmt.Printf("the reader, asked directly, says %s, %s\n", direct.Status, direct.Message)
	note, _ := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{"any": "write"}}})
	if _, err := client.Resource(sets).Namespace("default").Patch(ctx, "db", "application/merge-patch+json", note, metav1.PatchOptions{}); err != nil {
		panic(err)
	}
	heard("something is written to the set")
}
END
go mod tidy >go.log 2>&1 || { cat go.log; exit 1; }
grep -E 'cli-utils|k8s.io/client-go ' go.mod
go run . >said 2>go.log || { cat go.log; exit 1; }
cat said
diff said - <<'END'
a pod is not ready: the watcher says InProgress, Ready: 2/3
the pod crashes again and again: the watcher says nothing
the reader, asked directly, says Failed, 1 pods have failed
something is written to the set: the watcher says Failed, 1 pods have failed
END
echo 'As described: a pod that crashes is seen when the set is written.'
