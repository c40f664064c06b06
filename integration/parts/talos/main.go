// Reads a patch of Talos' machine configuration, applies it to a configuration as `talosctl gen config` makes it for
// a worker, and validates the outcome, all with the vendor's own code.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
	"github.com/siderolabs/talos/pkg/machinery/config/generate"
	"github.com/siderolabs/talos/pkg/machinery/config/machine"
	"github.com/siderolabs/talos/pkg/machinery/constants"
)

type mode struct{}

func (mode) String() string        { return "metal" }
func (mode) RequiresInstall() bool { return false }
func (mode) InContainer() bool     { return false }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	patch, err := configpatcher.LoadPatch(text)
	if err != nil {
		return err
	}
	input, err := generate.NewInput("lab", "https://10.0.0.10:6443", constants.DefaultKubernetesVersion)
	if err != nil {
		return err
	}
	config, err := input.Config(machine.TypeWorker)
	if err != nil {
		return err
	}
	out, err := configpatcher.Apply(configpatcher.WithConfig(config), []configpatcher.Patch{patch})
	if err != nil {
		return err
	}
	patched, err := out.Config()
	if err != nil {
		return err
	}
	if _, err = patched.Validate(mode{}); err != nil {
		return err
	}
	encoded, err := out.Bytes()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(encoded)
	return err
}
