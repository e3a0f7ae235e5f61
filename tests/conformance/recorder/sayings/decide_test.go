package main

import (
	"os"
	"path/filepath"
	"testing"
)

const catalogue = `# rows
@ kubelet | event:Failed,state:ErrImagePull | pod
image | Failed to pull image "{image}": {rest*}
@ kubelet | event:Pulled | pod
ordinary | *
@ csi | error | pvc
quota? ..1.36 | exceeded the limit of {n} disks
key | Failed to pull image "{image}": && 401 Unauthorized
`

const rulesOfTest = `@ operator | the flags of the kubelet
component kubelet/server | how error
@ bug | a type
form unexpected .*
@ other | jobs
component controller/(job|
    cronjob)
`

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestEachSayingIsDecidedByItsRowElseByItsRule(t *testing.T) {
	rows, err := readRows(write(t, catalogue))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := readRules(write(t, rulesOfTest))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		said saying
		by   string
	}{
		{saying{component: "kubelet/images", how: event, reason: "Failed", form: `Failed to pull image %q: %v`}, "row:3"},
		{saying{component: "controller/job", how: event, reason: "Failed", form: `Failed to pull image %q: %v`}, "other:6"},
		{saying{component: "controller/cronjob", how: event, reason: "Failed", form: "Error"}, "other:6"},
		{saying{component: "kubelet/images", how: event, reason: "Other", form: `Failed to pull image %q: %v`}, "row:8"},
		{saying{component: "kubelet/images", how: event, reason: "Pulled", form: `Container image %q is there`}, "row:5"},
		{saying{component: "driver/x", how: failed, reason: "-", form: `disk %s: exceeded the limit of %d disks`}, "row:7"},
		{saying{component: "driver/x", how: failed, reason: "-", form: `disk %s: unexceeded the limit of %d disks`}, "open"},
		{saying{component: "kubelet/images", how: word, reason: "ErrImagePull", form: "-"}, "row:3"},
		{saying{component: "kubelet/server", how: failed, reason: "-", form: "cannot listen on %s"}, "operator:2"},
		{saying{component: "kubelet/server", how: event, reason: "Odd", form: "cannot listen on %s"}, "open"},
		{saying{component: "any", how: failed, reason: "-", form: "unexpected type %T"}, "bug:4"},
	} {
		if by := decide([]saying{c.said}, rows, rules)[0].by(); by != c.by {
			t.Errorf("%+v: decided by %s, not %s", c.said, by, c.by)
		}
	}
}

func TestARowMayKnowWhatASlotPrints(t *testing.T) {
	s := saying{form: `%s probe failed: %s`}
	if !s.stands(`Readiness probe failed: HTTP probe`) {
		t.Error("the words of the source stand in the row")
	}
	if (saying{form: `%s: %v`}).stands("anything: at all") {
		t.Error("a source without words of its own says nothing")
	}
}

func TestARuleNamesAClassAndCells(t *testing.T) {
	for _, wrong := range []string{
		"@ nonsense | why\nform x\n", "@ bug | why\nshape x\n", "@ bug | why\nform (\n", "@ carried | why\nform x\n",
	} {
		if _, err := readRules(write(t, wrong)); err == nil {
			t.Errorf("%q is no rule", wrong)
		}
	}
}

func TestTheDataAreOfTheirForms(t *testing.T) {
	if _, err := readRules("unmet.txt"); err != nil {
		t.Error(err)
	}
	lines, err := table("sources.tsv")
	if err != nil {
		t.Fatal(err)
	}
	sources, err := readSources(lines, "1.37.2")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		if s.version == "release" || s.version == "staging" || s.read != readNames && s.read != readSays && s.read != readErrors {
			t.Errorf("%+v", s)
		}
	}
	for name, want := range map[string]string{"k8s.io/kubernetes": "v1.37.2", "k8s.io/api": "v0.37.2"} {
		for _, s := range sources {
			if s.module == name && s.version != want {
				t.Errorf("%s is read at %s, not at %s", name, s.version, want)
			}
		}
	}
}
