package main

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The form in which `terraform providers schema -json` prints the schemas of a provider, as far as it is used here.
type providerSchemas struct {
	Provider    schema            `json:"provider"`
	Resources   map[string]schema `json:"resource_schemas"`
	DataSources map[string]schema `json:"data_source_schemas"`
}

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type block struct {
	Attributes map[string]attribute   `json:"attributes"`
	Blocks     map[string]nestedBlock `json:"block_types"`
}

type attribute struct {
	Type     attributeType `json:"type"`
	Required bool          `json:"required"`
	Optional bool          `json:"optional"`
	Computed bool          `json:"computed"`
}

type nestedBlock struct {
	Block    block  `json:"block"`
	Nesting  string `json:"nesting_mode"`
	MinItems int64  `json:"min_items"`
	MaxItems int64  `json:"max_items"`
}

// "string", ["list", "string"], ["object", {"name": "string"}]
type attributeType struct{ tftypes.Type }

func (t *attributeType) UnmarshalJSON(text []byte) (err error) {
	t.Type, err = tftypes.ParseJSONType(text)
	return err
}

var nestingModes = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
}

func (s schema) valueType() tftypes.Type {
	return s.toProtocol().ValueType()
}

func (s schema) decode(value *tfprotov5.DynamicValue) (tftypes.Value, error) {
	return value.Unmarshal(s.valueType())
}

func (s schema) encode(value tftypes.Value) (*tfprotov5.DynamicValue, error) {
	result, err := tfprotov5.NewDynamicValue(s.valueType(), value)
	return &result, err
}

func (s schema) toProtocol() *tfprotov5.Schema {
	return &tfprotov5.Schema{Version: s.Version, Block: s.Block.toProtocol()}
}

func (b block) toProtocol() *tfprotov5.SchemaBlock {
	result := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		result.Attributes = append(result.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: a.Type.Type, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	for name, nested := range b.Blocks {
		result.BlockTypes = append(result.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: nested.Block.toProtocol(), Nesting: nestingModes[nested.Nesting],
			MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		})
	}
	return result
}

func toProtocol(schemas map[string]schema) map[string]*tfprotov5.Schema {
	result := map[string]*tfprotov5.Schema{}
	for name, s := range schemas {
		result[name] = s.toProtocol()
	}
	return result
}

// Whether the path ends at an attribute that the provider may fill in.
func (b block) isComputed(path *tftypes.AttributePath) bool {
	steps := path.Steps()
	for i, step := range steps {
		name, isName := step.(tftypes.AttributeName)
		if !isName {
			continue // An element of a list or set of blocks.
		}
		if a, found := b.Attributes[string(name)]; found {
			return a.Computed && i == len(steps)-1
		}
		b = b.Blocks[string(name)].Block
	}
	return false
}
