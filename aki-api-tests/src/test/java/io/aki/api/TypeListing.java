package io.aki.api;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists a type: its declaration in the first line, then each member that applications can
 * use in a line of its own: fields, constructors, methods. Members that the type inherits
 * from a type that is not public belong to it. The methods of {@code Object} are left
 * out.
 */
final class TypeListing {

	private final Class<?> type;

	TypeListing(Class<?> type) {
		this.type = type;
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		lines.add(declaration());
		fields().map(this::field).sorted().forEach(lines::add);
		constructors().map(this::constructor).sorted().forEach(lines::add);
		methods().sorted(Comparator.comparing(Method::getName).thenComparing(this::method))
			.map(this::method)
			.forEach(lines::add);
		return lines;
	}

	private String declaration() {
		int modifiers = this.type.getModifiers() & ~Modifier.STATIC;
		StringBuilder text = new StringBuilder(deprecated(this.type));
		if (this.type.isAnnotation()) {
			return text.append("public @interface ").append(TypeText.of(this.type)).toString();
		}
		if (this.type.isInterface() || this.type.isEnum() || this.type.isRecord()) {
			modifiers &= ~(Modifier.ABSTRACT | Modifier.INTERFACE | Modifier.FINAL);
		}
		text.append(Modifier.toString(modifiers)).append(' ');
		if (this.type.isSealed() && !this.type.isEnum()) {
			text.append("sealed ");
		}
		text.append(kind())
			.append(' ')
			.append(TypeText.of(this.type))
			.append(TypeText.of(this.type.getTypeParameters()));
		List<AnnotatedType> classes = supertypes(this.type, false).filter((supertype) -> !isImplied(supertype))
			.toList();
		if (!classes.isEmpty()) {
			text.append(" extends ").append(types(classes));
		}
		List<AnnotatedType> interfaces = supertypes(this.type, true).toList();
		if (!interfaces.isEmpty()) {
			text.append(this.type.isInterface() ? " extends " : " implements ").append(types(interfaces));
		}
		return text.toString();
	}

	/**
	 * Return the direct supertypes. One that is not public is replaced with its own
	 * supertypes.
	 */
	private static Stream<AnnotatedType> supertypes(Class<?> type, boolean interfaces) {
		Stream<AnnotatedType> supertypes = Stream.concat(Stream.ofNullable(type.getAnnotatedSuperclass()),
				Arrays.stream(type.getAnnotatedInterfaces()));
		return supertypes
			.flatMap((supertype) -> Modifier.isPublic(raw(supertype).getModifiers()) ? Stream.of(supertype)
					: supertypes(raw(supertype), interfaces))
			.filter((supertype) -> raw(supertype).isInterface() == interfaces);
	}

	private static boolean isImplied(AnnotatedType supertype) {
		return Set.of(Object.class, Enum.class, Record.class).contains(raw(supertype));
	}

	private static Class<?> raw(AnnotatedType type) {
		return (Class<?>) ((type.getType() instanceof ParameterizedType parameterized) ? parameterized.getRawType()
				: type.getType());
	}

	private String kind() {
		if (this.type.isInterface()) {
			return "interface";
		}
		if (this.type.isEnum()) {
			return "enum";
		}
		return this.type.isRecord() ? "record" : "class";
	}

	private Stream<Field> fields() {
		return family().flatMap((member) -> Arrays.stream(member.getDeclaredFields())).filter(this::isVisible);
	}

	private Stream<Constructor<?>> constructors() {
		return Arrays.stream(this.type.getDeclaredConstructors()).filter((constructor) -> isVisible(constructor));
	}

	private Stream<Method> methods() {
		Map<String, Method> methods = new LinkedHashMap<>();
		family().flatMap((member) -> Arrays.stream(member.getDeclaredMethods()))
			.filter((method) -> isVisible(method) && !isOfObject(method))
			.filter((method) -> method.getDeclaringClass() == this.type || !method.getDeclaringClass().isInterface()
					|| !Modifier.isStatic(method.getModifiers()))
			.forEach((method) -> methods.putIfAbsent(method.getName() + Arrays.toString(method.getParameterTypes()),
					method));
		return methods.values().stream();
	}

	private static boolean isOfObject(Method method) {
		return Arrays.stream(Object.class.getDeclaredMethods())
			.anyMatch((inherited) -> inherited.getName().equals(method.getName())
					&& Arrays.equals(inherited.getParameterTypes(), method.getParameterTypes()));
	}

	/**
	 * Return the type itself and its supertypes that are not public, the nearest ones
	 * first.
	 */
	private Stream<Class<?>> family() {
		return Stream.concat(Stream.of(this.type), hiddenSupertypes(this.type)).distinct();
	}

	private static Stream<Class<?>> hiddenSupertypes(Class<?> type) {
		Stream<Class<?>> supertypes = Stream.concat(Stream.ofNullable(type.getSuperclass()),
				Arrays.stream(type.getInterfaces()));
		return supertypes.filter((supertype) -> !Modifier.isPublic(supertype.getModifiers()))
			.flatMap((supertype) -> Stream.concat(Stream.of(supertype), hiddenSupertypes(supertype)));
	}

	private boolean isVisible(Member member) {
		boolean extensible = !Modifier.isFinal(this.type.getModifiers());
		return !member.isSynthetic() && (Modifier.isPublic(member.getModifiers())
				|| (extensible && Modifier.isProtected(member.getModifiers())));
	}

	private String field(Field field) {
		if (field.isEnumConstant()) {
			return "\t" + deprecated(field) + field.getName();
		}
		return "\t" + deprecated(field) + modifiers(field, Modifier.fieldModifiers())
				+ TypeText.of(field.getAnnotatedType()) + " " + field.getName();
	}

	private String constructor(Constructor<?> constructor) {
		return "\t" + deprecated(constructor) + modifiers(constructor, Modifier.constructorModifiers())
				+ typeParameters(constructor) + this.type.getSimpleName() + signature(constructor);
	}

	private String method(Method method) {
		int hidden = Modifier.SYNCHRONIZED | Modifier.NATIVE | Modifier.STRICT;
		if (this.type.isInterface()) {
			hidden |= Modifier.ABSTRACT;
		}
		int shown = Modifier.methodModifiers() & ~hidden;
		String text = "\t" + deprecated(method) + modifiers(method, shown) + (method.isDefault() ? "default " : "")
				+ typeParameters(method) + TypeText.of(method.getAnnotatedReturnType()) + " " + method.getName()
				+ signature(method);
		Object defaultValue = method.getDefaultValue();
		return (defaultValue != null) ? text + " default " + value(defaultValue) : text;
	}

	private static String modifiers(Member member, int shown) {
		String modifiers = Modifier.toString(member.getModifiers() & shown);
		return modifiers.isEmpty() ? "" : modifiers + " ";
	}

	private static String typeParameters(Executable executable) {
		String parameters = TypeText.of(executable.getTypeParameters());
		return parameters.isEmpty() ? "" : parameters + " ";
	}

	private static String signature(Executable executable) {
		String text = "(" + types(List.of(executable.getAnnotatedParameterTypes())) + ")";
		if (executable.isVarArgs()) {
			text = text.replaceFirst("\\[]\\)$", "...)");
		}
		List<AnnotatedType> exceptions = List.of(executable.getAnnotatedExceptionTypes());
		return !exceptions.isEmpty() ? text + " throws " + types(exceptions) : text;
	}

	private static String types(List<AnnotatedType> types) {
		return types.stream().map(TypeText::of).collect(Collectors.joining(", "));
	}

	private static String deprecated(AnnotatedElement element) {
		return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
	}

	private static String value(Object value) {
		if (value instanceof Object[] values) {
			return Arrays.stream(values).map(TypeListing::value).collect(Collectors.joining(", ", "{", "}"));
		}
		if (value instanceof Class<?> type) {
			return TypeText.of(type) + ".class";
		}
		return (value instanceof String) ? "\"" + value + "\"" : value.toString();
	}

}
