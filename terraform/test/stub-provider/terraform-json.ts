/** What Terraform reads and prints as JSON, as far as the tests look at it. */

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** A `cdk.tf.json`. */
export interface Configuration {
  readonly terraform: { readonly required_providers: { readonly aws: { readonly version: string } } };
  readonly variable?: Record<string, Json>;
  readonly data?: Record<string, Record<string, Json>>;
  /** The arguments of each resource, by type and name. */
  resource: Record<string, Record<string, Json>>;
  output?: Record<string, Json>;
}

/** `terraform show -json` of a plan. */
export interface Plan {
  readonly resource_changes: ReadonlyArray<{ readonly address: string; readonly change: { readonly actions: readonly string[] } }>;
}

/** `terraform show -json` of a state. */
export interface State {
  readonly values: { readonly outputs: Record<string, { readonly value: unknown }>; readonly root_module: { readonly resources: Resource[] } };
}

export interface Resource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly values: Record<string, Json>;
}

/** `terraform validate -json`. */
export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: ReadonlyArray<{ readonly summary: string; readonly detail: string; readonly snippet?: { readonly context?: string } }>;
}

/** Of all resources of the configuration, sorted. */
export function addresses({ resource }: Configuration): string[] {
  return Object.entries(resource).flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`)).sort();
}

/** What Terraform has made: data sources are left out. */
export function managed(state: State, type?: string): Resource[] {
  return state.values.root_module.resources.filter((resource) => resource.mode === 'managed' && (type === undefined || resource.type === type));
}
