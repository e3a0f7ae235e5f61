package main

import (
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// said reads one file as a module of its own, and gives `how kind reason|form` of all that it says.
func said(t *testing.T, code string) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n"+code), 0o644); err != nil {
		t.Fatal(err)
	}
	w := &world{fset: token.NewFileSet(), units: map[string]*unit{}}
	w.sources = []source{{module: "m", version: "v1", folder: ".", component: "c", read: readErrors}}
	w.roots = []*root{{"m", "v1", dir}}
	w.load()
	var all []string
	for _, s := range newIndex(w).list() {
		all = append(all, string(s.how)+" "+s.kind+" "+s.reason+"|"+s.form)
	}
	return all
}

// recorder is what stands for the recorder of Events.
const recorder = `
type recorder struct{}
func (recorder) Eventf(object any, eventtype, reason, messageFmt string, args ...any) {}
`

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnEventHasItsConstants(t *testing.T) {
	same(t, said(t, recorder+`
const why = "Gone"
func f(r recorder) { r.Eventf(nil, "Warning", why, "disk %q is "+"gone", "d") }`),
		`event Warning Gone|disk %q is gone`)
}

func TestReasonAndTextOfOneBranchStayTogether(t *testing.T) {
	same(t, said(t, recorder+`
func f(r recorder, full bool) {
	reason, text := "", ""
	if full { reason = "Full"; text = "is full: %d" } else { reason = "Gone"; text = "is gone" }
	r.Eventf(nil, "Normal", reason, text)
}`),
		`event Normal Full|is full: %d`, `event Normal Gone|is gone`)
}

func TestAWrapperSaysWhatItsCallersGive(t *testing.T) {
	same(t, said(t, recorder+`
func tell(r recorder, event string) { r.Eventf(nil, "Normal", event, "Node %s is now: %s", "n", event) }
func f(r recorder) { tell(r, "Ready"); tell(r, "NotReady") }`),
		`event Normal NotReady|Node n is now: NotReady`, `event Normal Ready|Node n is now: Ready`)
}

func TestATextComesOutOfACall(t *testing.T) {
	same(t, said(t, `
import "fmt"
type Condition struct{ Type, Reason, Message string }
func words(n int) (string, bool) { if n > 1 { return fmt.Sprintf("%d are left", n), true }; return "none is left", false }
func f(n int) Condition { text, _ := words(n); return Condition{Type: "Ready", Reason: "Left", Message: text} }`),
		`field Ready Left|%d are left`, `field Ready Left|none is left`)
}

func TestAnErrorIsMadeOfWhatAVariableHolds(t *testing.T) {
	same(t, said(t, `
import ("errors"; "fmt")
func f(key string) error { text := fmt.Sprintf("there is no key %s", key); return errors.New(text) }`),
		`error - -|there is no key %s`)
}

func TestErrorsAreTextsAndLogsAreNot(t *testing.T) {
	same(t, said(t, `
import ("fmt"; "k8s.io/klog/v2")
func f(name string) error { klog.Errorf("cannot be seen: %s", name); return fmt.Errorf("volume %s is not attached", name) }`),
		`error - -|volume %s is not attached`)
}

func TestTheSchedulerSpeaksOfNodes(t *testing.T) {
	same(t, said(t, `
import fwk "k8s.io/kube-scheduler/framework"
const ErrReason = "node(s) had no room"
func f() *fwk.Status { return fwk.NewStatus(fwk.Unschedulable, ErrReason) }`),
		`status - -|node(s) had no room`)
}

func TestAConstantThatNobodySaysIsListed(t *testing.T) {
	same(t, said(t, `
const ErrReasonFull, limit = "node(s) are full", "80%"`),
		`word - -|node(s) are full`)
}
