// Nothing is built here: go.sum pins the modules named in `sources`, whose CRD files
// are read from the module cache.
module stackctl.test/parts/crds

go 1.26.0
