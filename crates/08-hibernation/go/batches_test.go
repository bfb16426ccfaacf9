package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// object has some replicas, and an annotation unless had is 0.
func object(replicas, had int) Object {
	var object Object
	object.Spec.Replicas = &replicas
	if had > 0 {
		object.Metadata.Annotations = map[string]string{annotation: fmt.Sprint(had)}
	}
	return object
}

func TestEveryResourceIsCheckedInWholeAndPartialBatches(t *testing.T) {
	for _, size := range []int{1, 3, 10, 1000} {
		resources := make([]Resource, 100)
		for i := range resources {
			resources[i] = Resource(fmt.Sprint(i))
		}
		var calls int32
		report := checkInBatches(func(resource Resource) (Object, error) {
			atomic.AddInt32(&calls, 1)
			var number int
			fmt.Sscan(string(resource), &number)
			switch {
			case number < 42:
				return object(0, 2), nil
			case number < 85:
				return object(2, 0), nil
			}
			return Object{}, nil
		}, resources, size)
		if calls != 100 || report != (Report{85, 42}) || report.Status() != "Partially Hibernated" {
			t.Errorf("batches of %d: %d calls, %+v", size, calls, report)
		}
	}
}

func TestAnErrorCountsAsANo(t *testing.T) {
	report := checkInBatches(func(resource Resource) (Object, error) {
		if resource == "fails" {
			return Object{}, errors.New("500")
		}
		return object(0, 3), nil
	}, []Resource{"hibernated", "fails"}, 10)
	if report.Status() != "Hibernating" {
		t.Errorf("%+v is %s: an error is no longer a no, so say so in the book", report, report.Status())
	}
}

func TestWhatAControllerOwnsCannotBeHibernated(t *testing.T) {
	owned := object(0, 2)
	owned.Metadata.OwnerReferences = []struct{ Controller bool }{{Controller: true}}
	if owned.CanBeHibernated() || owned.IsHibernated() || (Object{}).IsHibernated() {
		t.Error("it can be hibernated")
	}
}

func TestAClusterIsListedAndRead(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/apis/apps/v1/deployments":
			fmt.Fprint(w, `{"items": [{"metadata": {"namespace": "talk", "name": "web"}}]}`)
		case "/apis/apps/v1/namespaces/talk/deployments/web":
			fmt.Fprintf(w, `{"metadata": {"annotations": {"%s": "3"}}, "spec": {"replicas": 0}}`, annotation)
		case "/api/v1/configmaps":
			http.Error(w, "no", http.StatusInternalServerError)
		default:
			fmt.Fprint(w, `{"items": []}`)
		}
	}))
	defer server.Close()
	cluster := Cluster{server.URL, server.Client()}
	if _, err := cluster.Find(); err == nil {
		t.Error("a list that fails is no error")
	}
	object, err := cluster.Get("/apis/apps/v1/namespaces/talk/deployments/web")
	if err != nil || !object.IsHibernated() {
		t.Errorf("%+v, %v", object, err)
	}
}
