package main

import (
	"crypto/rand"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What the cloud answers by a rule, by type and attribute: "arn:aws:sqs:{region}:{account}:{name}", where {account} is
// the provider's and all others are attributes of the same resource.
type answerRules map[string]map[string]string

var attributeInRule = regexp.MustCompile(`\{(\w+)\}`)

// The region and the account in which the provider works.
type cloud struct{ region, account string }

func newCloud(providerConfig tftypes.Value) (cloud, error) {
	result := cloud{region: "us-east-1", account: "123456789012"}
	var config map[string]tftypes.Value
	if err := providerConfig.As(&config); err != nil {
		return result, err
	}
	if region := config["region"]; isGiven(region) {
		if err := region.As(&result.region); err != nil {
			return result, err
		}
	}
	if allowed := config["allowed_account_ids"]; isGiven(allowed) {
		var accounts []tftypes.Value
		if err := allowed.As(&accounts); err != nil {
			return result, err
		}
		if len(accounts) > 0 {
			return result, accounts[0].As(&result.account)
		}
	}
	return result, nil
}

// The answers for one resource: each is given once, so that what is built of it agrees with it.
type answers struct {
	cloud cloud
	rules map[string]string
	texts map[string]string
}

func newAnswers(cloud cloud, rules map[string]string, resource tftypes.Value) (*answers, error) {
	result := &answers{cloud: cloud, rules: rules, texts: map[string]string{}}
	var attributes map[string]tftypes.Value
	if err := resource.As(&attributes); err != nil {
		return nil, err
	}
	for name, value := range attributes {
		if value.Type().Is(tftypes.String) && isGiven(value) {
			var text string
			if err := value.As(&text); err != nil {
				return nil, err
			}
			result.texts[name] = text
		}
	}
	return result, nil
}

func (a *answers) value(path *tftypes.AttributePath, valueType tftypes.Type) tftypes.Value {
	switch {
	case valueType.Is(tftypes.String):
		name, _ := path.LastStep().(tftypes.AttributeName)
		if len(path.Steps()) > 1 {
			return tftypes.NewValue(valueType, invented(string(name)))
		}
		return tftypes.NewValue(valueType, a.text(string(name)))
	case valueType.Is(tftypes.Number):
		return tftypes.NewValue(valueType, 0)
	case valueType.Is(tftypes.Bool):
		return tftypes.NewValue(valueType, false)
	case valueType.Is(tftypes.Map{}):
		return tftypes.NewValue(valueType, map[string]tftypes.Value{})
	default:
		return tftypes.NewValue(valueType, []tftypes.Value{})
	}
}

func (a *answers) text(attribute string) string {
	if text, found := a.texts[attribute]; found {
		return text
	}
	rule, found := a.rules[attribute]
	switch {
	case found:
		a.texts[attribute] = attributeInRule.ReplaceAllStringFunc(rule, func(name string) string { return a.text(strings.Trim(name, "{}")) })
	case attribute == "region":
		a.texts[attribute] = a.cloud.region
	case attribute == "account":
		a.texts[attribute] = a.cloud.account
	default:
		a.texts[attribute] = invented(attribute)
	}
	return a.texts[attribute]
}

func invented(attribute string) string {
	return strings.ReplaceAll(attribute, "_", "-") + "-" + strings.ToLower(rand.Text())
}

func isGiven(value tftypes.Value) bool {
	return value.IsKnown() && !value.IsNull()
}
