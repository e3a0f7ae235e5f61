// Flux's apply of rendered objects: the resource manager of fluxcd/pkg/ssa with the options and the status readers of
// kustomize-controller.
//
//	fluxapply -n NAMESPACE [options] apply FILE
//
// Promises: what is applied, deleted and waited for is the library's own doing, in the order of the controller: apply, garbage
// collection, health. What was applied before stands in FILE's folder, as in the inventory of a Kustomization.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/polling"
	"github.com/fluxcd/cli-utils/pkg/kstatus/polling/engine"
	"github.com/fluxcd/pkg/runtime/statusreaders"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

const group, owner = "kustomize.toolkit.fluxcd.io", "kustomize-controller"

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func main() {
	namespace := flag.String("n", "default", "")
	force, prune, wait := flag.Bool("force", false, ""), flag.Bool("prune", true, ""), flag.Bool("wait", false, "")
	timeout := flag.Duration("timeout", 5*time.Minute, "")
	flag.Parse()
	if flag.Arg(0) != "apply" || flag.NArg() != 2 {
		must(fmt.Errorf("usage: fluxapply -n NAMESPACE [options] apply FILE"))
	}
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	config.QPS, config.Burst = 50, 300
	http, err := rest.HTTPClientFor(config)
	must(err)
	mapper, err := apiutil.NewDynamicRESTMapper(config, http)
	must(err)
	live, err := client.New(config, client.Options{HTTPClient: http, Mapper: mapper})
	must(err)
	readers := []engine.StatusReader{statusreaders.NewCustomJobStatusReader(mapper)}
	poller := polling.NewStatusPoller(live, mapper, polling.Options{CustomStatusReaders: readers})
	manager := ssa.NewResourceManager(live, poller, ssa.Owner{Field: owner, Group: group})
	background := context.Background()

	objects := read(flag.Arg(1), *namespace, mapper)
	must(normalize.UnstructuredList(objects))
	changes, err := manager.ApplyAllStaged(background, objects, applyOptions(*force))
	if changes != nil && len(changes.Entries) > 0 {
		fmt.Println(changes)
	}
	must(err)

	memory := filepath.Join(filepath.Dir(flag.Arg(1)), ".applied-"+*namespace)
	if *prune {
		if _, err := os.Stat(memory); err == nil {
			gone := without(read(memory, *namespace, mapper), objects)
			changes, err := manager.DeleteAll(background, gone, ssa.DeleteOptions{
				PropagationPolicy: metav1.DeletePropagationBackground,
				Exclusions:        map[string]string{group + "/prune": "disabled", group + "/reconcile": "disabled", group + "/ssa": "Ignore"},
			})
			if changes != nil && len(changes.Entries) > 0 {
				fmt.Println(changes)
			}
			must(err)
		}
	}
	text, err := utils.ObjectsToJSON(objects)
	must(err)
	must(os.WriteFile(memory, []byte(text), 0o644))
	if *wait {
		must(manager.Wait(objects, ssa.WaitOptions{Interval: 5 * time.Second, Timeout: *timeout}))
		fmt.Println("all current")
	}
}

// As kustomize-controller applies, but for its clean-up of what Flux 1 wrote.
func applyOptions(force bool) ssa.ApplyOptions {
	options := ssa.DefaultApplyOptions()
	options.Force = force
	options.ExclusionSelector = map[string]string{group + "/reconcile": "disabled", group + "/ssa": "Ignore"}
	options.IfNotPresentSelector = map[string]string{group + "/ssa": "IfNotPresent"}
	options.ForceSelector = map[string]string{group + "/force": "enabled"}
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{corev1.LastAppliedConfigAnnotation},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: owner, OperationType: metav1.ManagedFieldsOperationUpdate},
		},
		Exclusions: map[string]string{group + "/ssa": "Merge"},
	}
	return options
}

func read(file, namespace string, mapper meta.RESTMapper) []*unstructured.Unstructured {
	text, err := os.ReadFile(file)
	must(err)
	objects, err := utils.ReadObjects(strings.NewReader(string(text)))
	must(err)
	for _, object := range objects {
		kind := object.GroupVersionKind()
		mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
		must(err)
		if mapping.Scope.Name() == meta.RESTScopeNameNamespace && object.GetNamespace() == "" {
			object.SetNamespace(namespace)
		}
	}
	return objects
}

func without(all, some []*unstructured.Unstructured) []*unstructured.Unstructured {
	known := map[string]bool{}
	for _, object := range some {
		known[utils.FmtUnstructured(object)] = true
	}
	var left []*unstructured.Unstructured
	for _, object := range all {
		if !known[utils.FmtUnstructured(object)] {
			left = append(left, object)
		}
	}
	return left
}
