#pragma once

/// Before a function: it is compiled for wider registers as well, and the loader chooses by the processor.
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__ && !defined __SANITIZE_ADDRESS__ && \
    !defined __SANITIZE_THREAD__
#define POPKEEP_WIDE [[gnu::target_clones("default", "avx2")]]
#else
#define POPKEEP_WIDE
#endif
