package main

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Resource is a resource's path in the API.
type Resource string

// kinds are the paths of the lists of the talk's resources.
var kinds = []string{
	"/apis/apps/v1", "deployments",
	"/apis/apps/v1", "statefulsets",
	"/apis/apps/v1", "replicasets",
	"/apis/apps/v1", "daemonsets",
	"/apis/batch/v1", "cronjobs",
	"/api/v1", "configmaps",
}

// Cluster is an API server.
type Cluster struct {
	URL    string
	Client *http.Client
}

// Get gets a resource.
func (cluster Cluster) Get(resource Resource) (Object, error) {
	var object Object
	err := cluster.read(string(resource), &object)
	return object, err
}

// Find lists the resources to check.
func (cluster Cluster) Find() ([]Resource, error) {
	var resources []Resource
	for i := 0; i < len(kinds); i += 2 {
		var list struct{ Items []Object }
		if err := cluster.read(kinds[i]+"/"+kinds[i+1], &list); err != nil {
			return nil, err
		}
		for _, object := range list.Items {
			meta := object.Metadata
			path := fmt.Sprintf("%s/namespaces/%s/%s/%s", kinds[i], meta.Namespace, kinds[i+1], meta.Name)
			resources = append(resources, Resource(path))
		}
	}
	return resources, nil
}

func (cluster Cluster) read(path string, into any) error {
	response, err := cluster.Client.Get(cluster.URL + path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}
