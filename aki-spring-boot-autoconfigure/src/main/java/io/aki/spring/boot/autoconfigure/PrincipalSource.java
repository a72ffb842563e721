package io.aki.spring.boot.autoconfigure;

import java.security.Principal;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Finds the user of the calling thread in one place.
 */
@FunctionalInterface
interface PrincipalSource extends Supplier<@Nullable Principal> {

}
