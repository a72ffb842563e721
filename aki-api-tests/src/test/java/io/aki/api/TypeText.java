package io.aki.api;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes types as they stand in source code, with their nullness. The names of types of
 * {@code java.lang} are simple, the others are qualified.
 */
final class TypeText {

	private TypeText() {
	}

	static String of(AnnotatedType type) {
		String nullness = isNullable(type) ? "@Nullable " : "";
		if (type instanceof AnnotatedArrayType array) {
			String brackets = nullness.isEmpty() ? "[]" : " " + nullness + "[]";
			return of(array.getAnnotatedGenericComponentType()) + brackets;
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			Class<?> raw = (Class<?>) ((ParameterizedType) parameterized.getType()).getRawType();
			return nullness + of(raw)
					+ Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
						.map(TypeText::of)
						.collect(Collectors.joining(", ", "<", ">"));
		}
		if (type instanceof AnnotatedWildcardType wildcard) {
			return nullness + wildcard(wildcard);
		}
		if (type instanceof AnnotatedTypeVariable) {
			return nullness + type.getType().getTypeName();
		}
		return nullness + of((Class<?>) type.getType());
	}

	static String of(Class<?> type) {
		String name = type.getCanonicalName();
		return name.matches("java\\.lang\\.[A-Z].*") ? name.substring("java.lang.".length()) : name;
	}

	/**
	 * Return the type parameters with their bounds, and an empty text if there are none.
	 */
	static String of(TypeVariable<?>[] parameters) {
		return (parameters.length == 0) ? ""
				: Arrays.stream(parameters).map(TypeText::parameter).collect(Collectors.joining(", ", "<", ">"));
	}

	private static String parameter(TypeVariable<?> parameter) {
		String bounds = bounds(parameter.getAnnotatedBounds(), " & ");
		return parameter.getName() + (bounds.equals("Object") ? "" : " extends " + bounds);
	}

	private static String wildcard(AnnotatedWildcardType wildcard) {
		if (wildcard.getAnnotatedLowerBounds().length > 0) {
			return "? super " + bounds(wildcard.getAnnotatedLowerBounds(), " & ");
		}
		String upper = bounds(wildcard.getAnnotatedUpperBounds(), " & ");
		return upper.equals("Object") ? "?" : "? extends " + upper;
	}

	private static String bounds(AnnotatedType[] bounds, String delimiter) {
		return Arrays.stream(bounds).map(TypeText::of).collect(Collectors.joining(delimiter));
	}

	private static boolean isNullable(AnnotatedElement element) {
		return Arrays.stream(element.getAnnotations())
			.map(Annotation::annotationType)
			.anyMatch((annotation) -> annotation.getSimpleName().equals("Nullable"));
	}

}
