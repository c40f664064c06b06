// Command provisioner stands in for Longhorn's driver: the real external-provisioner
// library answers claims of the class's provisioner with hostPath volumes of the asked
// size. Nothing is written to disk; attach and detach are not simulated.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"syscall"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

const driver = "driver.longhorn.io"

// hostPaths names a folder per volume; the kubelet that would create it does not exist.
type hostPaths struct{}

func (hostPaths) Provision(_ context.Context, asked controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	directory := core.HostPathDirectoryOrCreate
	volume := &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: asked.PVName},
		Spec: core.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *asked.StorageClass.ReclaimPolicy,
			AccessModes:                   asked.PVC.Spec.AccessModes,
			MountOptions:                  asked.StorageClass.MountOptions,
			VolumeMode:                    asked.PVC.Spec.VolumeMode,
			Capacity: core.ResourceList{
				core.ResourceStorage: asked.PVC.Spec.Resources.Requests[core.ResourceStorage],
			},
			PersistentVolumeSource: core.PersistentVolumeSource{
				HostPath: &core.HostPathVolumeSource{Path: "/var/lib/lab/" + asked.PVName, Type: &directory},
			},
		},
	}
	return volume, controller.ProvisioningFinished, nil
}

func (hostPaths) Delete(context.Context, *core.PersistentVolume) error { return nil }

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file of the cluster's address and credentials")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatalf("kubeconfig %s: %v", *kubeconfig, err)
	}
	config.QPS, config.Burst = 100, 200
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatalf("client: %v", err)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	controller.NewProvisionController(ctx, client, driver, hostPaths{},
		controller.LeaderElection(false)).Run(ctx)
}
