// Argo CD's sync of rendered objects: the sync context of its gitops-engine, as the application controller drives it.
//
//	argosync -n NAMESPACE [options] sync FILE
//
// Promises: the steps are the engine's own. Each step begins anew with the live objects and with what the steps before it came to, as
// in the controller. What was synced before stands in FILE's folder, so that a later sync knows what its manifests lack.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/sync/common"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/kube"
	"github.com/argoproj/argo-cd/gitops-engine/v3/pkg/utils/tracing"
	"github.com/go-logr/logr"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const manager = "argocd-controller"

type known map[schema.GroupKind]bool

func (k known) IsNamespaced(gk schema.GroupKind) (bool, error) {
	namespaced, ok := k[gk]
	if !ok {
		return false, fmt.Errorf("no such kind: %s", gk)
	}
	return namespaced, nil
}

type syncOptions map[string]bool

func (o syncOptions) String() string { return "" }

func (o syncOptions) Set(option string) error {
	o[option] = true
	return nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func main() {
	namespace := flag.String("n", "default", "")
	replace, force, prune, server := flag.Bool("replace", false, ""), flag.Bool("force", false, ""), flag.Bool("prune", false, ""), flag.Bool("server-side", false, "")
	timeout := flag.Duration("timeout", 5*time.Minute, "")
	options := syncOptions{}
	flag.Var(options, "sync-option", "")
	flag.Parse()
	if flag.Arg(0) != "sync" || flag.NArg() != 2 {
		must(fmt.Errorf("usage: argosync -n NAMESPACE [options] sync FILE"))
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	config.QPS, config.Burst = 50, 100
	kubectl := &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
	kinds := known{}
	resources, err := kubectl.GetAPIResources(config, true, everything{})
	must(err)
	for _, resource := range resources {
		kinds[resource.GroupKind] = resource.Meta.Namespaced
	}

	text, err := os.ReadFile(flag.Arg(1))
	must(err)
	targets, err := kube.SplitYAML(text)
	must(err)
	memory := filepath.Join(filepath.Dir(flag.Arg(1)), ".synced-"+*namespace)
	synced := map[string]kube.ResourceKey{}
	if text, err := os.ReadFile(memory); err == nil {
		must(json.Unmarshal(text, &synced))
	}
	for _, target := range targets {
		if kinds[target.GroupVersionKind().GroupKind()] && target.GetNamespace() == "" {
			target.SetNamespace(*namespace)
		}
		key := kube.GetResourceKey(target)
		synced[key.String()] = key
	}
	text, err = json.Marshal(synced)
	must(err)
	must(os.WriteFile(memory, text, 0o644))

	policy := metav1.DeletePropagationForeground
	if options["PrunePropagationPolicy=background"] {
		policy = metav1.DeletePropagationBackground
	}
	begun := time.Now()
	phase, message, results := common.OperationRunning, "", []common.ResourceSyncResult(nil)
	told := ""
	for {
		live := map[kube.ResourceKey]*unstructured.Unstructured{}
		for _, key := range synced {
			if object := get(kubectl, config, targets, kinds, key); object != nil {
				live[key] = object
			}
		}
		step, done, err := sync.NewSyncContext("1", sync.Reconcile(targets, live, *namespace, kinds), config, config, kubectl, *namespace,
			sync.WithLogr(logr.Discard()),
			sync.WithInitialState(phase, message, results, metav1.NewTime(begun)),
			sync.WithOperationSettings(false, *prune, *force || options["Force=true"], false),
			sync.WithManifestValidation(!options["Validate=false"]),
			sync.WithReplace(*replace || options["Replace=true"]),
			sync.WithServerSideApply(*server || options["ServerSideApply=true"]),
			sync.WithServerSideApplyManager(manager),
			sync.WithPruneLast(options["PruneLast=true"]),
			sync.WithPrunePropagationPolicy(&policy),
			sync.WithClientSideApplyMigration(true, ""))
		must(err)
		step.Sync(context.Background())
		done()
		phase, message, results = step.GetState()
		if now := fmt.Sprintf("%s: %s", phase, anonymous(message)); now != told {
			fmt.Printf("+%.1f s %s\n", time.Since(begun).Seconds(), now)
			told = now
		}
		if phase.Completed() || time.Since(begun) > *timeout {
			break
		}
		time.Sleep(time.Second)
	}
	sort.Slice(results, func(i, j int) bool { return results[i].Order < results[j].Order })
	for _, result := range results {
		fmt.Printf("  %s/%s %s %s: %s\n", result.ResourceKey.Kind, result.ResourceKey.Name, result.Status, result.HookPhase, anonymous(result.Message))
	}
	if !phase.Completed() {
		fmt.Printf("still Running after %.0f s\n", time.Since(begun).Seconds())
	}
	if phase != common.OperationSucceeded {
		os.Exit(1)
	}
}

// What is there of an object; nil if it is not.
func get(kubectl *kube.KubectlCmd, config *rest.Config, targets []*unstructured.Unstructured, kinds known, key kube.ResourceKey) *unstructured.Unstructured {
	version := "v1"
	if other, ok := versions[key.Group]; ok {
		version = other
	}
	for _, target := range targets {
		if target.GroupVersionKind().GroupKind() == (schema.GroupKind{Group: key.Group, Kind: key.Kind}) {
			version = target.GroupVersionKind().Version
		}
	}
	object, err := kubectl.GetResource(context.Background(), config, schema.GroupVersionKind{Group: key.Group, Version: version, Kind: key.Kind}, key.Name, key.Namespace)
	if apierrors.IsNotFound(err) {
		return nil
	}
	must(err)
	return object
}

// The versions of groups that are asked for in another one than v1.
var versions = map[string]string{"autoscaling": "v2"}

type everything struct{}

func (everything) IsExcludedResource(string, string, string) bool { return false }

func (everything) GetLabelSelector(string, string, string) string { return "" }

var file = regexp.MustCompile(`"/[^"]*/[^"/]+"`)

func anonymous(words string) string {
	return strings.TrimSpace(file.ReplaceAllString(words, `"FILE"`))
}
