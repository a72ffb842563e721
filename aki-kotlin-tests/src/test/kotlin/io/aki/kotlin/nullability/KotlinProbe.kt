package io.aki.kotlin.nullability

import java.lang.reflect.AnnotatedParameterizedType
import java.lang.reflect.AnnotatedType
import java.lang.reflect.AnnotatedWildcardType
import java.lang.reflect.Constructor
import java.lang.reflect.Executable
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import org.jspecify.annotations.Nullable

/**
 * Creates Kotlin code that uses each public member of a type. The code uses a return value as nullable and as non-null,
 * and it passes null for each parameter. With platform types, all of this code compiles.
 */
internal class KotlinProbe(private val type: Class<*>) {

	fun expectations(): List<Expectation> =
		PublicApi.methods(type).flatMap { returned(it) + taken(it) } +
			PublicApi.constructors(type).flatMap(::taken) +
			PublicApi.constants(type)
				.flatMap { value("${type.simpleName}.${it.name}", "${kotlin(type)}.${it.name}", it.annotatedType) }

	private fun returned(method: Method): List<Expectation> =
		if (method.returnType.isPrimitive) emptyList()
		else value(subject(method), call(method), method.annotatedReturnType)

	private fun value(subject: String, code: String, type: AnnotatedType): List<Expectation> {
		val itself = if (isNullable(type)) {
			listOf(
				Expectation("$subject is nullable", ": Any = $code", Objection.MAY_BE_NULL),
				Expectation("$subject is nullable", " = $code == null", null),
			)
		}
		else {
			listOf(
				Expectation("$subject is never null", ": Any = $code", null),
				Expectation("$subject is never null", " = $code == null", Objection.IS_NEVER_NULL),
			)
		}
		val elements = (type as? AnnotatedParameterizedType)?.annotatedActualTypeArguments?.last() ?: return itself
		return itself + value("an element of $subject", "elementOf($code)", elements)
	}

	private fun taken(member: Executable): List<Expectation> = member.annotatedParameterTypes.withIndex()
		.filter { (index, _) -> !member.parameterTypes[index].isPrimitive && !member.parameters[index].isVarArgs }
		.flatMap { (index, type) ->
			val itself = argument(member, index, "null", "none<${kotlin(type.type)}>()", isNullable(type))
			val elements = (type as? AnnotatedParameterizedType)?.annotatedActualTypeArguments?.last()
			if (elements == null || elements is AnnotatedWildcardType) listOf(itself)
			else {
				val withNulls = "some<${kotlin(type.type).removeSuffix(">")}?>>()"
				listOf(itself, argument(member, index, "one with nulls", withNulls, isNullable(elements)))
			}
		}

	private fun argument(member: Executable, index: Int, name: String, value: String, welcome: Boolean): Expectation {
		val subject = "${subject(member)} ${if (welcome) "takes" else "does not take"} $name as parameter $index"
		val code = " = " + call(member, mapOf(index to value))
		return Expectation(subject, code, if (welcome) null else Objection.MAY_BE_NULL)
	}

	private fun call(member: Executable, special: Map<Int, String> = emptyMap()): String {
		val arguments = member.genericParameterTypes.withIndex().joinToString { (index, type) ->
			val spread = if (member.parameters[index].isVarArgs) "*" else ""
			spread + (special[index] ?: "some<${kotlin(type)}>()")
		}
		return when {
			member is Constructor<*> -> "${kotlin(type)}($arguments)"
			Modifier.isStatic(member.modifiers) -> "${kotlin(type)}.`${member.name}`($arguments)"
			else -> "some<${kotlin(type)}>().`${member.name}`($arguments)"
		}
	}

	private fun subject(member: Executable): String {
		val name = if (member is Constructor<*>) "<init>" else member.name
		return type.simpleName + "." + name + member.parameterTypes.joinToString(", ", "(", ")") { it.simpleName }
	}

	private fun isNullable(type: AnnotatedType): Boolean = type.isAnnotationPresent(Nullable::class.java)

	private fun kotlin(type: Type): String = when (type) {
		is ParameterizedType ->
			kotlin(type.rawType) + type.actualTypeArguments.joinToString(", ", "<", ">", transform = ::kotlin)
		is WildcardType -> type.upperBounds.single().let { if (it == Any::class.java) "*" else "out ${kotlin(it)}" }
		is Class<*> if type.isArray && !type.componentType.isPrimitive -> "Array<${kotlin(type.componentType)}>"
		is Class<*> -> checkNotNull(type.kotlin.qualifiedName)
		else -> error("A kind of type that is new to the public API: $type")
	}

	companion object {

		/** The functions that the generated lines call. */
		const val PRELUDE = """
			fun <T : Any> some(): T = TODO()
			fun <T : Any> none(): T? = null
			fun <T> elementOf(values: Collection<T>): T = values.first()
			fun <T> elementOf(values: Map<*, T>): T = elementOf(values.values)
			fun <T> elementOf(values: java.util.stream.Stream<T>): T = TODO()
			fun <T> elementOf(value: java.util.concurrent.CompletableFuture<T>): T = TODO()
			fun <T> elementOf(values: java.util.concurrent.Flow.Publisher<T>): T = TODO()
		"""

	}

}
