// Package controllers stands in for a module that is not to be had as a Go module:
// Cilium uses one name of it, for multi-cluster services, which the lab has none of.
package controllers

// DerivedServiceAnnotation names the Service made for an imported one.
const DerivedServiceAnnotation = "multicluster.kubernetes.io/derived-service"
