package main

// annotation says how many replicas a hibernated workload had.
const annotation = "hibernator.devtron.ai/replicas"

// Object is what the check reads of an object.
type Object struct {
	Metadata struct {
		Namespace       string
		Name            string
		Annotations     map[string]string
		OwnerReferences []struct{ Controller bool }
	}
	Spec struct{ Replicas *int }
}

// CanBeHibernated says whether the object has replicas, and no controller that decides about them.
func (object Object) CanBeHibernated() bool {
	for _, owner := range object.Metadata.OwnerReferences {
		if owner.Controller {
			return false
		}
	}
	return object.Spec.Replicas != nil
}

// IsHibernated says whether the object has 0 replicas and a note of how many it had.
func (object Object) IsHibernated() bool {
	had := object.Metadata.Annotations[annotation]
	return object.CanBeHibernated() && *object.Spec.Replicas == 0 && had != "" && had != "0"
}

// Report is what a check found.
type Report struct{ CanBeHibernated, Hibernated uint64 }

// Status is the status of all workloads together.
func (report Report) Status() string {
	switch {
	case report.Hibernated == 0:
		return "Running"
	case report.Hibernated == report.CanBeHibernated:
		return "Hibernating"
	default:
		return "Partially Hibernated"
	}
}
