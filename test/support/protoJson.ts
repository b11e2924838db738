import protobuf from "protobufjs";

/** What is wrong with an object as the JSON form of a message: fields that it has not, values of another kind. Paths are dotted. */
export function protoJsonProblems(type: protobuf.Type, value: unknown, path = ""): readonly string[] {
  if (!isRecord(value)) return [`${path}: is no object`];
  const oneofs = Object.values(type.oneofs ?? {}).flatMap((oneof) => {
    const given = oneof.fieldsArray.filter((field) => field.name in value);
    return given.length > 1 ? [`${path}: has both ${given.map(({ name }) => name).join(" and ")}`] : [];
  });
  const fields = Object.entries(value).flatMap(([name, one]) => {
    const field = type.fields[name];
    const place = path === "" ? name : `${path}.${name}`;
    return field ? fieldProblems(field.resolve(), one, place) : [`${place}: unknown field`];
  });
  return [...oneofs, ...fields];
}

function fieldProblems(field: protobuf.Field, value: unknown, path: string): readonly string[] {
  if (!field.repeated) return valueProblems(field, value, path);
  if (!Array.isArray(value)) return [`${path}: is no list`];
  return value.flatMap((one, index) => valueProblems(field, one, `${path}[${index}]`));
}

function valueProblems(
  { resolvedType, type }: protobuf.Field,
  value: unknown,
  path: string,
): readonly string[] {
  if (resolvedType instanceof protobuf.Enum)
    return typeof value === "string" && value in resolvedType.values
      ? []
      : [`${path}: is not one of its values`];
  if (resolvedType?.fullName === ".google.protobuf.Duration")
    return /^\d+(\.\d{1,9})?s$/.test(String(value)) ? [] : [`${path}: is no duration such as 0.5s`];
  if (resolvedType instanceof protobuf.Type) return protoJsonProblems(resolvedType, value, path);
  const kind = type === "bool" ? "boolean" : type === "string" ? "string" : "number";
  return typeof value === kind ? [] : [`${path}: is no ${kind}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
