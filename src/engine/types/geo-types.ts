/** Places on the earth. */
import { demandFormat } from './formats';
import { geojsonIsValid, topologyIsValid } from './geojson';
import { containerIn } from './json-types';
import { PLAIN_NUMBER } from './number-types';
import { LiteralKind, ValueType } from './value-type';
import { Field, GEOJSON_FORMATS, GeojsonFormatName, GEOPOINT_FORMATS, GeopointFormatName } from '../../spec/schema';
import { elementsOf } from '../json/json-elements';
import { JsonFault, JsonText, readJsonObject } from '../json/json-object';

interface PointForm {
  readonly expected: string;
  /** What it is in JSON; absent: a string. */
  readonly kind?: LiteralKind;
  /** @param text of JSON without blanks, where the form is one of JSON */
  readonly read: (text: string) => string | undefined;
}

const POINT_FORMS: Readonly<Record<GeopointFormatName, PointForm>> = {
  default: {
    expected: 'a point as "lon, lat"',
    read: (text) => {
      const parts = text.split(',');
      const point = parts.length === 2 ? pointOf(parts[0], parts[1].replace(/^ /, '')) : undefined;
      return point && `"${point.lon},${point.lat}"`;
    },
  },
  array: {
    expected: 'a point as [lon, lat]',
    kind: 'array',
    read: (json) => {
      const items = elementsOf(json);
      const point = items.length === 2 ? pointOf(items[0], items[1]) : undefined;
      return point && `[${point.lon},${point.lat}]`;
    },
  },
  object: {
    expected: 'a point as {"lon": lon, "lat": lat}',
    kind: 'object',
    read: (json) => {
      const members = readJsonObject(json);
      if (members instanceof JsonFault || members.length !== 2) return undefined;
      const { lon, lat } = Object.fromEntries(members.map(([key, value]) => [key, value instanceof JsonText ? value.text : '']));
      const point = lon === undefined || lat === undefined ? undefined : pointOf(lon, lat);
      return point && `{"lon":${point.lon},"lat":${point.lat}}`;
    },
  },
};

export function geopointType(field: Field): ValueType {
  const { expected, kind: wanted, read } = POINT_FORMS[demandFormat(field, GEOPOINT_FORMATS)];
  if (wanted === undefined) return { expected, read, readLiteral: () => undefined };
  return {
    expected,
    read: (text) => {
      const json = containerIn(text, wanted);
      return json === undefined ? undefined : read(json);
    },
    readLiteral: (kind, literal) => kind === wanted ? read(literal) : undefined,
  };
}

/** The numbers, exactly, where they are degrees of the earth. */
function pointOf(lonText: string, latText: string): { readonly lon: string; readonly lat: string } | undefined {
  const [lon, lat] = [PLAIN_NUMBER.read(lonText), PLAIN_NUMBER.read(latText)];
  if (lon === undefined || lat === undefined) return undefined;
  const within = (degrees: string, most: string) => PLAIN_NUMBER.compare!(degrees, most) <= 0 && PLAIN_NUMBER.compare!(degrees, `-${most}`) >= 0;
  return within(lon, '180') && within(lat, '90') ? { lon, lat } : undefined;
}

const SHAPES: Readonly<Record<GeojsonFormatName, { readonly expected: string; readonly isValid: (value: unknown) => boolean }>> = {
  default: { expected: 'a GeoJSON object', isValid: geojsonIsValid },
  topojson: { expected: 'a TopoJSON topology', isValid: topologyIsValid },
};

export function geojsonType(field: Field): ValueType {
  const { expected, isValid } = SHAPES[demandFormat(field, GEOJSON_FORMATS)];
  const check = (json: string | undefined) => json !== undefined && isValid(JSON.parse(json)) ? json : undefined;
  return {
    expected,
    holdsTexts: true,
    read: (text) => check(containerIn(text, 'object')),
    readLiteral: (kind, literal) => kind === 'object' ? check(literal) : undefined,
  };
}
