/* Grows the trees of scikit-learn's random forest for two classes and the Gini impurity, bit for bit.

   The method is that of scikit-learn 1.9: the same draws of rows and columns in the same order, the same
   sums, the same divisions. What is other:

   - Values are replaced by their ranks among the distinct values of their column, once for all trees. A node
     adds up its rows by rank, with a bit for each rank that is there, where scikit-learn sorts them.
   - Weights are whole numbers, so sums of them are exact in any order. The number of rows, the weight of
     class 0 and that of class 1 are added together, as three fields of one number: each stays below 2^21.
   - The impurity of a split takes two divisions. They are done only for splits that may be the best so far:
     others are told by products, with a margin of 1e-13, wide beside the rounding of either.

   What the doubles are rounded to is part of the result: no -ffast-math, and -ffp-contract=off. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIELD 21
#define FIELD_MASK ((UINT64_C(1) << FIELD) - 1)
#define FEW_ROWS 12
#define MARGIN (1.0 - 1e-13)
#define EPSILON 2.220446049250313e-16
#define RAND_R_MAX 2147483647u

typedef struct {
    int64_t left_child;
    int64_t right_child;
    int64_t feature;
    double threshold;
    double impurity;
    int64_t n_node_samples;
    double weighted_n_node_samples;
    uint8_t missing_go_to_left;
    uint8_t padding[7]; /* zero: it is pickled, too */
} Node;

typedef struct {
    int64_t n_rows;
    int64_t n_features;
    const uint32_t *ranks;  /* (n_features, n_rows) */
    const float *distinct;  /* of all columns, one after the other */
    const int64_t *offsets; /* (n_features + 1): where a column's distinct values begin */
    const uint8_t *labels;  /* (n_rows): 0 or 1 */
    int64_t n_drawn;        /* rows drawn with replacement; 0 for all rows as they are */
    int64_t max_features;
    int64_t min_samples_split;
    int64_t min_samples_leaf;
    int64_t max_depth;
    double min_impurity_decrease;
} Task;

typedef struct {
    int64_t start, end, depth, parent;
    int is_left;
    double impurity;
    int64_t n_constant_features;
    uint64_t sums;
} Record;

typedef struct {
    uint32_t *rows;
    uint64_t *weights;
    uint64_t *counts;  /* (most distinct values of a column), zero between two columns */
    uint64_t *present; /* a bit for each of them, zero between two columns */
    int64_t *features, *constant_features;
    uint32_t random;
} Work;

typedef struct {
    double proxy;                            /* what scikit-learn compares */
    double gain_numerator, gain_denominator; /* the same without what splits of a node have in common */
    uint64_t left;
    int64_t feature;
    uint32_t rank, next_rank;
    int found;
} Best;

static inline double weight0(uint64_t sums) { return (double)(int64_t)(sums & FIELD_MASK); }
static inline double weight1(uint64_t sums) { return (double)(int64_t)((sums >> FIELD) & FIELD_MASK); }
static inline int64_t n_rows(uint64_t sums) { return (int64_t)(sums >> (2 * FIELD)); }

static inline double gini(uint64_t sums)
{
    double a = weight0(sums), b = weight1(sums), all = a + b;
    return 1.0 - (a * a + b * b) / (all * all);
}

/* Keeps a split that is better than the best so far, as scikit-learn compares them. */
static inline void consider(Best *best, uint64_t left, uint64_t all, int64_t feature, uint32_t rank,
                            uint32_t next_rank)
{
    uint64_t right = all - left;
    double l0 = weight0(left), l1 = weight1(left), r0 = weight0(right), r1 = weight1(right);
    double l = l0 + l1, r = r0 + r1;
    double numerator = (l0 * l0 + l1 * l1) * r + (r0 * r0 + r1 * r1) * l, denominator = l * r;
    if (best->found && numerator * best->gain_denominator < best->gain_numerator * denominator * MARGIN)
        return;
    double gini_left = 1.0 - (l0 * l0 + l1 * l1) / (l * l);
    double gini_right = 1.0 - (r0 * r0 + r1 * r1) / (r * r);
    double proxy = -r * gini_right - l * gini_left;
    if (best->found && !(proxy > best->proxy)) return;
    best->found = 1;
    best->proxy = proxy;
    best->gain_numerator = numerator;
    best->gain_denominator = denominator;
    best->left = left;
    best->feature = feature;
    best->rank = rank;
    best->next_rank = next_rank;
}

/* The ranks of a column that were passed, in ascending order. */
typedef struct {
    const float *distinct;
    uint64_t left, all;
    int64_t feature, min_samples_leaf;
    uint32_t last;
    int has_begun;
} Scan;

/* Passes the next rank, after considering the split before it. */
static inline void step(Scan *scan, Best *best, uint32_t rank, uint64_t sums)
{
    if (scan->has_begun && !(scan->distinct[rank] <= scan->distinct[scan->last] + 1e-7f)) {
        int64_t n_left = n_rows(scan->left);
        if (n_left >= scan->min_samples_leaf && n_rows(scan->all) - n_left >= scan->min_samples_leaf)
            consider(best, scan->left, scan->all, scan->feature, scan->last, rank);
    }
    scan->left += sums;
    scan->last = rank;
    scan->has_begun = 1;
}

/* Considers all splits of a node by one column; 0 where the column is constant in it. */
static int scan_column(const Task *task, Work *work, const Record *node, int64_t feature, Best *best)
{
    const uint32_t *ranks = task->ranks + feature * task->n_rows;
    const float *distinct = task->distinct + task->offsets[feature];
    const uint32_t *rows = work->rows + node->start;
    const uint64_t *weights = work->weights + node->start;
    int64_t n = node->end - node->start;
    Scan scan = {distinct, 0, node->sums, feature, task->min_samples_leaf, 0, 0};
    if (n <= FEW_ROWS) { /* sorted by rank */
        uint64_t keys[FEW_ROWS] = {0};
        for (int64_t i = 0; i < n; i++) {
            uint64_t key = ((uint64_t)ranks[rows[i]] << 32) | (uint64_t)i;
            int64_t j = i;
            for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
            keys[j] = key;
        }
        if (distinct[keys[n - 1] >> 32] <= distinct[keys[0] >> 32] + 1e-7f) return 0;
        for (int64_t i = 0; i < n;) {
            uint32_t rank = (uint32_t)(keys[i] >> 32);
            uint64_t sums = 0;
            for (; i < n && (uint32_t)(keys[i] >> 32) == rank; i++) sums += weights[(uint32_t)keys[i]];
            step(&scan, best, rank, sums);
        }
        return 1;
    }
    uint32_t lowest = UINT32_MAX, highest = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t rank = ranks[rows[i]];
        work->counts[rank] += weights[i];
        work->present[rank >> 6] |= UINT64_C(1) << (rank & 63);
        lowest = rank < lowest ? rank : lowest;
        highest = rank > highest ? rank : highest;
    }
    int varies = !(distinct[highest] <= distinct[lowest] + 1e-7f);
    for (uint32_t word = lowest >> 6; word <= highest >> 6; word++) {
        uint64_t bits = work->present[word];
        if (!bits) continue;
        work->present[word] = 0;
        for (; bits; bits &= bits - 1) {
            uint32_t rank = (word << 6) + (uint32_t)__builtin_ctzll(bits);
            uint64_t sums = work->counts[rank];
            work->counts[rank] = 0;
            if (varies) step(&scan, best, rank, sums);
        }
    }
    return varies;
}

static inline uint32_t rand_r_replacement(uint32_t *seed)
{
    if (*seed == 0) *seed = 1;
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed % (RAND_R_MAX + 1u);
}

static inline void swap(int64_t *values, int64_t a, int64_t b)
{
    int64_t kept = values[a];
    values[a] = values[b];
    values[b] = kept;
}

/* Looks for the best split of a node among columns drawn as scikit-learn draws them. */
static Best find_split(const Task *task, Work *work, const Record *record, int64_t *n_constant_features)
{
    Best best = {0};
    int64_t *features = work->features;
    int64_t f_i = task->n_features, n_visited = 0, n_found = 0, n_drawn = 0;
    int64_t n_known = record->n_constant_features, n_total = n_known;
    while (f_i > n_total && (n_visited < task->max_features || n_visited <= n_found + n_drawn)) {
        n_visited++;
        int64_t f_j = n_drawn + rand_r_replacement(&work->random) % (f_i - n_found - n_drawn);
        if (f_j < n_known) {
            swap(features, n_drawn, f_j);
            n_drawn++;
            continue;
        }
        f_j += n_found;
        if (!scan_column(task, work, record, features[f_j], &best)) {
            swap(features, f_j, n_total);
            n_found++;
            n_total++;
            continue;
        }
        f_i--;
        swap(features, f_i, f_j);
    }
    memcpy(features, work->constant_features, sizeof(int64_t) * (size_t)n_known);
    memcpy(work->constant_features + n_known, features + n_known, sizeof(int64_t) * (size_t)n_found);
    *n_constant_features = n_total;
    return best;
}

/* Moves the rows of a node that go left before those that go right; where the right ones begin. */
static int64_t part(const Task *task, Work *work, int64_t start, int64_t end, const Best *best)
{
    const uint32_t *ranks = task->ranks + best->feature * task->n_rows;
    while (start < end) {
        uint32_t row = work->rows[start];
        if (ranks[row] <= best->rank) {
            start++;
            continue;
        }
        end--;
        work->rows[start] = work->rows[end];
        work->rows[end] = row;
        uint64_t weight = work->weights[start];
        work->weights[start] = work->weights[end];
        work->weights[end] = weight;
    }
    return end;
}

/* The Mersenne Twister as numpy.random.RandomState seeds and reads it. */
typedef struct {
    uint32_t key[624];
    int at;
} Twister;

static void twister_seed(Twister *twister, uint32_t seed)
{
    for (int i = 0; i < 624; i++) {
        twister->key[i] = seed;
        seed = UINT32_C(1812433253) * (seed ^ (seed >> 30)) + (uint32_t)i + 1;
    }
    twister->at = 624;
}

static uint32_t twister_next(Twister *twister)
{
    uint32_t *key = twister->key, y;
    if (twister->at == 624) {
        for (int i = 0; i < 624; i++) {
            y = (key[i] & 0x80000000u) | (key[(i + 1) % 624] & 0x7fffffffu);
            key[i] = key[(i + 397) % 624] ^ (y >> 1) ^ ((y & 1u) ? 0x9908b0dfu : 0u);
        }
        twister->at = 0;
    }
    y = key[twister->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

/* RandomState.randint(0, highest + 1): draws with as many bits as the highest, until one is not above it. */
static uint32_t twister_below(Twister *twister, uint32_t highest)
{
    uint32_t mask = highest, value;
    if (highest == 0) return 0;
    for (int shift = 1; shift < 32; shift *= 2) mask |= mask >> shift;
    while ((value = twister_next(twister) & mask) > highest) {}
    return value;
}

/* The digest of this file, so that a library of another state is not taken for this one. */
const char *smote_bench_source(void) { return SOURCE; }

/* Grows one tree. Returns its number of nodes, -1 where there is no memory for it.
   `nodes` and `values` (.., 2) have room for 2 n_rows nodes; `max_depth` gets the depth of the deepest. */
int64_t smote_bench_grow(const Task *task, uint32_t seed, Node *nodes, double *values, int64_t *max_depth)
{
    int64_t n = task->n_rows, most = 1, count = -1;
    for (int64_t f = 0; f < task->n_features; f++) {
        int64_t distinct = task->offsets[f + 1] - task->offsets[f];
        most = distinct > most ? distinct : most;
    }
    Work work;
    size_t words = (size_t)(most / 64 + 1);
    work.rows = malloc(sizeof(uint32_t) * (size_t)n);
    work.weights = malloc(sizeof(uint64_t) * (size_t)n);
    work.counts = calloc((size_t)most + words, sizeof(uint64_t));
    work.features = malloc(sizeof(int64_t) * 2 * (size_t)task->n_features);
    int64_t stack_room = 64, height = 0;
    Record *stack = malloc(sizeof(Record) * (size_t)stack_room);
    if (!work.rows || !work.weights || !work.counts || !work.features || !stack) goto out;
    work.present = work.counts + most;
    work.constant_features = work.features + task->n_features;
    for (int64_t f = 0; f < task->n_features; f++) work.features[f] = f;

    Twister twister;
    twister_seed(&twister, seed);
    work.random = twister_below(&twister, RAND_R_MAX - 1);
    uint64_t one = UINT64_C(1) << (2 * FIELD), sums = 0;
    int64_t end = 0;
    if (task->n_drawn) {
        twister_seed(&twister, seed);
        memset(work.rows, 0, sizeof(uint32_t) * (size_t)n); /* how often a row was drawn */
        for (int64_t i = 0; i < task->n_drawn; i++) work.rows[twister_below(&twister, (uint32_t)n - 1)]++;
    }
    for (int64_t i = 0; i < n; i++) {
        uint64_t weight = task->n_drawn ? work.rows[i] : 1;
        if (!weight) continue;
        work.rows[end] = (uint32_t)i;
        work.weights[end] = one + (weight << (task->labels[i] ? FIELD : 0));
        sums += work.weights[end++];
    }
    double n_weighted = weight0(sums) + weight1(sums);

    count = 0;
    *max_depth = -1;
    stack[height++] = (Record){0, end, 0, -2, 0, gini(sums), 0, sums};
    while (height) {
        Record record = stack[--height];
        int64_t n_node = record.end - record.start, n_constants = 0;
        double weighted = weight0(record.sums) + weight1(record.sums);
        int is_leaf = record.depth >= task->max_depth || n_node < task->min_samples_split ||
                      n_node < 2 * task->min_samples_leaf || record.impurity <= EPSILON;
        Best best = {0};
        double left_impurity = 0, right_impurity = 0;
        int64_t middle = record.end;
        uint64_t right = 0;
        if (!is_leaf) {
            best = find_split(task, &work, &record, &n_constants);
            is_leaf = !best.found;
        }
        if (!is_leaf) {
            middle = part(task, &work, record.start, record.end, &best);
            right = record.sums - best.left;
            left_impurity = gini(best.left);
            right_impurity = gini(right);
            double l = weight0(best.left) + weight1(best.left), r = weighted - l;
            double gain = record.impurity - (r / weighted * right_impurity) - (l / weighted * left_impurity);
            double improvement = (weighted / n_weighted) * gain;
            is_leaf = improvement + EPSILON < task->min_impurity_decrease;
        }
        Node *node = nodes + count;
        *node = (Node){-1, -1, -2, -2.0, record.impurity, n_node, weighted, 0, {0}};
        if (record.parent >= 0) {
            if (record.is_left) nodes[record.parent].left_child = count;
            else nodes[record.parent].right_child = count;
        }
        values[2 * count] = weight0(record.sums) / weighted;
        values[2 * count + 1] = weight1(record.sums) / weighted;
        if (!is_leaf) {
            const float *distinct = task->distinct + task->offsets[best.feature];
            node->feature = best.feature;
            node->threshold = distinct[best.rank] / 2.0 + distinct[best.next_rank] / 2.0;
            node->missing_go_to_left = n_rows(best.left) > n_rows(right);
            if (height + 2 > stack_room) {
                Record *larger = realloc(stack, sizeof(Record) * (size_t)stack_room * 2);
                if (!larger) {
                    count = -1;
                    goto out;
                }
                stack = larger;
                stack_room *= 2;
            }
            Record child = {middle,         record.end,  record.depth + 1, count, 0,
                            right_impurity, n_constants, right};
            stack[height++] = child;
            child.start = record.start, child.end = middle, child.is_left = 1;
            child.impurity = left_impurity, child.sums = best.left;
            stack[height++] = child;
        }
        if (record.depth > *max_depth) *max_depth = record.depth;
        count++;
    }
out:
    free(work.rows);
    free(work.weights);
    free(work.counts);
    free(work.features);
    free(stack);
    return count;
}

/* Adds the class frequencies that trees give `rows` (n, n_features) to `sums` (n, 2), tree by tree.
   The nodes and values (.., 2) of tree t begin at starts[t]. */
void smote_bench_add(const Node *nodes, const double *values, const int64_t *starts, int64_t n_trees,
                     const float *rows, int64_t n, int64_t n_features, double *sums)
{
    for (int64_t t = 0; t < n_trees; t++) {
        const Node *tree = nodes + starts[t];
        for (int64_t i = 0; i < n; i++) {
            const float *row = rows + i * n_features;
            int64_t at = 0;
            while (tree[at].left_child >= 0) {
                const Node *node = tree + at;
                float value = row[node->feature];
                int is_left = value != value ? node->missing_go_to_left : value <= node->threshold;
                at = is_left ? node->left_child : node->right_child;
            }
            const double *shares = values + 2 * (starts[t] + at);
            sums[2 * i] += shares[0];
            sums[2 * i + 1] += shares[1];
        }
    }
}
