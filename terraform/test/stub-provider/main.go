// A provider for tests alone: it speaks Terraform's plugin protocol, has whatever resource types a file names, and
// keeps nothing but what Terraform's state holds. Terraform itself checks a configuration against the schemas, plans,
// applies and destroys it, without an account and without a network.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
)

const (
	address      = "localhost/test/stub"
	fileVariable = "STUB_PROVIDER_FILE"
)

func main() {
	provider, err := readStub(os.Getenv(fileVariable))
	if err != nil {
		log.Fatalf("%s must name a file with the schemas and the answers of the stub provider: %v", fileVariable, err)
	}
	if err := tf5server.Serve(address, func() tfprotov5.ProviderServer { return provider }); err != nil {
		log.Fatal(err)
	}
}

func readStub(file string) (*stub, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var content struct {
		ProviderSchemas map[string]*providerSchemas `json:"provider_schemas"`
		Answers         answerRules                 `json:"answers"`
	}
	if err := json.Unmarshal(text, &content); err != nil {
		return nil, err
	}
	schemas, found := content.ProviderSchemas[address]
	if !found {
		return nil, fmt.Errorf("%s has no schemas of %s", file, address)
	}
	return &stub{schemas: schemas, rules: content.Answers}, nil
}
