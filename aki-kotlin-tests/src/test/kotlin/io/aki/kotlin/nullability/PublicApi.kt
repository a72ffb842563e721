package io.aki.kotlin.nullability

import java.lang.reflect.Executable
import java.lang.reflect.Field
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import org.springframework.core.io.support.PathMatchingResourcePatternResolver

/**
 * Finds the public members of public types with Java reflection.
 */
internal object PublicApi {

	fun types(packageName: String): List<Class<*>> {
		val path = packageName.replace('.', '/')
		return PathMatchingResourcePatternResolver().getResources("classpath*:$path/*.class")
			.map { it.filename!!.removeSuffix(".class") }
			.filter { it != "package-info" }
			.mapNotNull { load("$packageName.$it") }
			.filter { isPublic(it) }
			.sortedBy { it.name }
	}

	/**
	 * Load a type, or return null if the type extends a type of an optional dependency that is missing. Such types are
	 * not public.
	 */
	private fun load(name: String): Class<*>? = try {
		Class.forName(name, false, javaClass.classLoader)
	} catch (ex: NoClassDefFoundError) {
		null
	}

	private fun isPublic(type: Class<*>): Boolean =
		Modifier.isPublic(type.modifiers) && (type.declaringClass?.let(::isPublic) ?: true)

	/**
	 * Return the public methods. The methods of a package-private superclass are included. Their synthetic bridge
	 * methods are skipped because these do not show the declared types.
	 */
	fun methods(type: Class<*>): List<Method> =
		family(type).flatMap { it.declaredMethods.sortedBy(Method::toString) }
			.filterNot { it.declaringClass != type && it.declaringClass.isInterface && Modifier.isStatic(it.modifiers) }
			.filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic && it.name != "equals" && !isEntries(it) }
			.distinctBy { listOf(it.name, *it.parameterTypes) }

	/** Return whether the method is `entrySet` of a map. Kotlin replaces it with the property `entries`. */
	private fun isEntries(method: Method): Boolean =
		method.name == "entrySet" && Map::class.java.isAssignableFrom(method.declaringClass)

	fun constructors(type: Class<*>): List<Executable> =
		if (Modifier.isAbstract(type.modifiers)) emptyList() else type.constructors.toList()

	fun constants(type: Class<*>): List<Field> =
		type.declaredFields.filter { Modifier.isPublic(it.modifiers) && !it.isEnumConstant }

	private fun family(type: Class<*>): List<Class<*>> =
		(generateSequence(type) { it.superclass }.toList() + type.interfaces)
			.filter { it.packageName == type.packageName }

}
