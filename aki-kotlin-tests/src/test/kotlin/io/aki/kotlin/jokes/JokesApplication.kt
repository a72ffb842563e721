package io.aki.kotlin.jokes

import org.springframework.boot.autoconfigure.SpringBootApplication

/**
 * An application as users write them, for the test that the guide shows.
 */
@SpringBootApplication
class JokesApplication
