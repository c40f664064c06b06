// Command cilium-gateway runs Cilium's own Gateway API and LB-IPAM controllers without
// the rest of the operator: no agent, no leader election, no CRD registration.
package main

import (
	"log/slog"
	"os"

	"github.com/cilium/hive/cell"
	"github.com/spf13/cobra"

	operatorK8s "github.com/cilium/cilium/operator/k8s"
	operatorOption "github.com/cilium/cilium/operator/option"
	"github.com/cilium/cilium/operator/pkg/ciliumenvoyconfig"
	controllerruntime "github.com/cilium/cilium/operator/pkg/controller-runtime"
	gatewayapi "github.com/cilium/cilium/operator/pkg/gateway-api"
	"github.com/cilium/cilium/operator/pkg/lbipam"
	"github.com/cilium/cilium/operator/pkg/secretsync"
	mcsapitypes "github.com/cilium/cilium/pkg/clustermesh/mcsapi/types"
	"github.com/cilium/cilium/pkg/hive"
	"github.com/cilium/cilium/pkg/k8s"
	"github.com/cilium/cilium/pkg/k8s/client"
	"github.com/cilium/cilium/pkg/option"
)

func controllers() *hive.Hive {
	return hive.New(
		client.Cell,
		controllerruntime.Cell,
		gatewayapi.Cell,
		secretsync.Cell,
		lbipam.Cell,

		cell.Config(k8s.DefaultConfig),
		cell.Config(mcsapitypes.DefaultMCSAPIConfig),
		cell.Config(ciliumenvoyconfig.EnvoyProxyTimeouts{
			ProxyIdleTimeoutSeconds:       60,
			ProxyStreamIdleTimeoutSeconds: 300,
		}),
		cell.Provide(
			func() *option.DaemonConfig { return option.Config },
			func() *operatorOption.OperatorConfig { return operatorOption.Config },
			k8s.DefaultServiceWatchConfig,
			k8s.ServiceResource,
			operatorK8s.LBIPPoolsResource,
		),
	)
}

func main() {
	// These live in the operator's global options, out of the cells' flags' reach.
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = false
	operatorOption.Config.EnableGatewayAPI = true
	operatorOption.Config.KubeProxyReplacement = true

	all := controllers()
	command := &cobra.Command{
		Use:           "cilium-gateway",
		Short:         "Cilium's Gateway API and LB-IPAM controllers",
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(*cobra.Command, []string) error {
			return all.Run(slog.Default())
		},
	}
	all.RegisterFlags(command.Flags())
	if err := command.Execute(); err != nil {
		slog.Error("the controllers stopped", "error", err)
		os.Exit(1)
	}
}
