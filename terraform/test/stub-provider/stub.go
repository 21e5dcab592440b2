package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What Terraform asks of a provider while it validates, plans, applies and destroys. The other calls of the protocol
// (import, functions, ephemeral resources) are never made here: they end at the embedded interface, which is nil.
type stub struct {
	tfprotov5.ProviderServer
	schemas *providerSchemas
	rules   answerRules
	cloud   cloud
}

func (s *stub) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	return &tfprotov5.GetProviderSchemaResponse{
		Provider:          s.schemas.Provider.toProtocol(),
		ResourceSchemas:   toProtocol(s.schemas.Resources),
		DataSourceSchemas: toProtocol(s.schemas.DataSources),
	}, nil
}

func (s *stub) GetResourceIdentitySchemas(
	context.Context, *tfprotov5.GetResourceIdentitySchemasRequest,
) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (s *stub) PrepareProviderConfig(
	_ context.Context, request *tfprotov5.PrepareProviderConfigRequest,
) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: request.Config}, nil
}

func (s *stub) ConfigureProvider(
	_ context.Context, request *tfprotov5.ConfigureProviderRequest,
) (*tfprotov5.ConfigureProviderResponse, error) {
	config, err := s.schemas.Provider.decode(request.Config)
	if err != nil {
		return nil, err
	}
	s.cloud, err = newCloud(config)
	return &tfprotov5.ConfigureProviderResponse{}, err
}

func (s *stub) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

// Terraform has checked the configuration against the schema before it asks.
func (s *stub) ValidateResourceTypeConfig(
	context.Context, *tfprotov5.ValidateResourceTypeConfigRequest,
) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (s *stub) ValidateDataSourceConfig(
	context.Context, *tfprotov5.ValidateDataSourceConfigRequest,
) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (s *stub) UpgradeResourceState(
	_ context.Context, request *tfprotov5.UpgradeResourceStateRequest,
) (*tfprotov5.UpgradeResourceStateResponse, error) {
	schema := s.schemas.Resources[request.TypeName]
	state, err := request.RawState.Unmarshal(schema.valueType())
	if err != nil {
		return nil, err
	}
	upgraded, err := schema.encode(state)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: upgraded}, err
}

// There is no world outside the state that could have changed.
func (s *stub) ReadResource(_ context.Context, request *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: request.CurrentState, Private: request.Private}, nil
}

// What only the provider can say is unknown until the resource is there.
func (s *stub) PlanResourceChange(
	_ context.Context, request *tfprotov5.PlanResourceChangeRequest,
) (*tfprotov5.PlanResourceChangeResponse, error) {
	schema := s.schemas.Resources[request.TypeName]
	proposed, err := schema.decode(request.ProposedNewState)
	if err != nil {
		return nil, err
	}
	planned, err := tftypes.Transform(proposed, func(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if value.IsNull() && schema.Block.isComputed(path) {
			return tftypes.NewValue(value.Type(), tftypes.UnknownValue), nil
		}
		return value, nil
	})
	if err != nil {
		return nil, err
	}
	plannedState, err := schema.encode(planned)
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: plannedState, PlannedPrivate: request.PriorPrivate}, err
}

// Creates, updates and, where the planned state is null, deletes.
func (s *stub) ApplyResourceChange(
	_ context.Context, request *tfprotov5.ApplyResourceChangeRequest,
) (*tfprotov5.ApplyResourceChangeResponse, error) {
	newState, err := s.answer(request.TypeName, s.schemas.Resources[request.TypeName], request.PlannedState)
	return &tfprotov5.ApplyResourceChangeResponse{NewState: newState, Private: request.PlannedPrivate}, err
}

func (s *stub) ReadDataSource(_ context.Context, request *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	state, err := s.answer(request.TypeName, s.schemas.DataSources[request.TypeName], request.Config)
	return &tfprotov5.ReadDataSourceResponse{State: state}, err
}

// Fills in all that is left to the provider.
func (s *stub) answer(typeName string, schema schema, value *tfprotov5.DynamicValue) (*tfprotov5.DynamicValue, error) {
	resource, err := schema.decode(value)
	if err != nil {
		return nil, err
	}
	answers, err := newAnswers(s.cloud, s.rules[typeName], resource)
	if err != nil {
		return nil, err
	}
	answered, err := tftypes.Transform(resource, func(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if !isGiven(value) && schema.Block.isComputed(path) {
			return answers.value(path, value.Type()), nil
		}
		return value, nil
	})
	if err != nil {
		return nil, err
	}
	return schema.encode(answered)
}
