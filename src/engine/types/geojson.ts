/** Whether a value of JSON is what RFC 7946 (GeoJSON) or the TopoJSON specification calls one. Members of other names may be there. */

type Check = (value: unknown) => boolean;
type Members = Readonly<Record<string, unknown>>;

/** Collections within collections; a file may nest them by the thousand. */
const DEEPEST = 100;

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber: Check = (value) => typeof value === 'number';
const listOf = (check: Check, least = 0): Check => (value) => Array.isArray(value) && value.length >= least && value.every(check);
const orNull = (check: Check): Check => (value) => value === null || check(value);

const isPosition = listOf(isNumber, 2);
const isLine = listOf(isPosition, 2);
/** Closed: its first position comes again as the last one. */
const isRing: Check = (value) => {
  if (!listOf(isPosition, 4)(value)) return false;
  const positions = value as unknown[];
  return JSON.stringify(positions[0]) === JSON.stringify(positions.at(-1));
};
const isPolygon = listOf(isRing);

const COORDINATES: Readonly<Record<string, Check>> = {
  Point: isPosition,
  MultiPoint: listOf(isPosition),
  LineString: isLine,
  MultiLineString: listOf(isLine),
  Polygon: isPolygon,
  MultiPolygon: listOf(isPolygon),
};

export function geojsonIsValid(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.type === 'FeatureCollection') return listOf(isFeature)(value.features);
  return isFeature(value) || isGeometry(value, COORDINATES, 'coordinates', 0);
}

const isFeature: Check = (value) => isObject(value) && value.type === 'Feature'
  && orNull((geometry) => isGeometry(geometry, COORDINATES, 'coordinates', 0))(value.geometry) && value.geometry !== undefined
  && orNull(isObject)(value.properties) && value.properties !== undefined;

/** @param member where the shapes of lines and areas are told */
function isGeometry(value: unknown, shapes: Readonly<Record<string, Check>>, member: string, depth: number): boolean {
  if (!isObject(value) || typeof value.type !== 'string' || depth > DEEPEST) return false;
  if (value.type === 'GeometryCollection') return listOf((inner) => isGeometry(inner, shapes, member, depth + 1))(value.geometries);
  if (!Object.hasOwn(shapes, value.type)) return false;
  return shapes[value.type](value[value.type.endsWith('Point') ? 'coordinates' : member]);
}

export function topologyIsValid(value: unknown): boolean {
  if (!isObject(value) || value.type !== 'Topology' || !isObject(value.objects) || !listOf(isLine)(value.arcs)) return false;
  const arcCount = (value.arcs as unknown[]).length;
  // A negative index is an arc that is gone along backwards: ~0 is the first.
  const isArc: Check = (index) => Number.isInteger(index) && (index as number) < arcCount && ~(index as number) < arcCount;
  const isString = listOf(isArc);
  const shapes: Readonly<Record<string, Check>> = {
    Point: isPosition,
    MultiPoint: listOf(isPosition),
    LineString: isString,
    MultiLineString: listOf(isString),
    Polygon: listOf(isString),
    MultiPolygon: listOf(listOf(isString)),
  };
  return Object.values(value.objects).every((object) => isGeometry(object, shapes, 'arcs', 0));
}
