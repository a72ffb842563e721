package io.aki.kotlin.nullability

/**
 * A piece of Kotlin code, and the error that the compiler must report for it, if any.
 */
internal data class Expectation(val subject: String, val code: String, val objection: Objection?) {

	fun isMetBy(diagnostics: List<String>): Boolean =
		if (objection == null) diagnostics.isEmpty()
		else diagnostics.isNotEmpty() && diagnostics.all(objection::isIn)

}

internal enum class Objection(private val messages: Regex) {

	/**
	 * A nullable value is used where null is not allowed. For an overloaded method, the error is that no overload is
	 * applicable.
	 */
	MAY_BE_NULL(Regex("type mismatch|none of the following candidates is applicable", RegexOption.IGNORE_CASE)),

	/** The value is never null, so that a null check is useless. The compiler reports this warning as an error. */
	IS_NEVER_NULL(Regex("condition is always 'false'", RegexOption.IGNORE_CASE));

	fun isIn(diagnostic: String): Boolean = messages in diagnostic

}
